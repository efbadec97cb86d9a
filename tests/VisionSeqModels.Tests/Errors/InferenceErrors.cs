using VisionSeqModels.Data;
using VisionSeqModels.Tests.Inference;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Errors;

/// <summary>Reproductions of what can go wrong where a trained model answers, by the ids of docs/errors.</summary>
internal static class InferenceErrors
{
    public static IEnumerable<(string Id, Action<TempFolder> Cause)> All =>
        [
            ("page-model", folder => nn.Linear(2, 2).SavePage(folder["page.html"])),
            ("page-layer", folder => nn.Sequential(nn.Conv2d(4, 4, 3, groups: 2)).SavePage(folder["page.html"])),
            ("page-window", folder => nn.Sequential(nn.MaxPool2d([2, 1])).SavePage(folder["page.html"])),
            (
                "page-steps",
                folder =>
                    SequenceModels.Rnn(new RecurrentOptions { Readout = SequenceReadout.EachStep }).SavePage(folder["page.html"])
            ),
            (
                "page-shape",
                folder =>
                    SequenceModels
                        .Rnn(new RecurrentOptions { Sequence = ImageSequence.Pixels, InputSize = 1 })
                        .SavePage(folder["page.html"])
            ),
            ("page-size", folder => SequenceModels.Gru().SavePage(folder["page.html"], new PageOptions { MaxMebibytes = 0.25 })),
            ("page-finite", folder => Broken().SavePage(folder["page.html"])),
            ("answer-classes", folder => Images(folder, ModelOutput.Values).Classify([1])),
            ("answer-values", folder => Images(folder, ModelOutput.Classes).Regress([1])),
            ("answer-normalization", folder => ImageClassifier.Load(Saved(folder, PageModels.LeNet(new LeNetOptions())))),
            ("answer-preparation", folder => ImageClassifier.Load(Saved(folder, SequenceModels.Rnn()))),
            (
                "answer-names",
                folder => SequenceClassifier.Load(Described(folder, ModelOutput.Classes, d => d with { ClassNames = ["a", "b"] }))
            ),
            (
                "answer-targets",
                folder => SequenceClassifier.Load(Described(folder, ModelOutput.Values, d => d with { Targets = TwoTargets }))
            ),
            ("answer-sequence-size", folder => Sequences(folder, SequenceReadout.Last).Classify(new float[5], 2, 3)),
            ("answer-sequence", folder => Sequences(folder, SequenceReadout.Last).Classify(new float[4, 3])),
            (
                "answer-sequence-nan",
                folder =>
                    Sequences(folder, SequenceReadout.Last)
                        .Classify(
                            new float[1, 2]
                            {
                                { 0, float.NaN },
                            }
                        )
            ),
            ("answer-once", folder => Sequences(folder, SequenceReadout.Mean).ClassifySteps(new float[4, 2])),
            ("answer-each-step", folder => Sequences(folder, SequenceReadout.EachStep).Classify(new float[4, 2])),
        ];

    private static FeatureNormalization TwoTargets => new() { Mean = [0, 0], StandardDeviation = [1, 1] };

    private static string Described(TempFolder folder, ModelOutput output, Func<ModelDescription, ModelDescription> change)
    {
        using var model = SequenceModels.Rnn(new RecurrentOptions { InputSize = 2, Output = output });
        ModelFile.Save(model, folder["model.safetensors"], change(ModelDescription.Of(model)));
        return folder["model.safetensors"];
    }

    private static string Saved(TempFolder folder, nn.Module<Tensor, Tensor> model, IBatchSource? data = null)
    {
        ModelFile.Save(model, folder["model.safetensors"], data);
        return folder["model.safetensors"];
    }

    private static ImageClassifier Images(TempFolder folder, ModelOutput output)
    {
        using var data = AnswerFiles.Images(1);
        return ImageClassifier.Load(Saved(folder, PageModels.LeNet(new LeNetOptions { Output = output }), data.Test));
    }

    private static SequenceClassifier Sequences(TempFolder folder, SequenceReadout readout) =>
        SequenceClassifier.Load(
            Saved(
                folder,
                SequenceModels.Rnn(
                    new RecurrentOptions
                    {
                        InputSize = 2,
                        HiddenSize = 4,
                        Readout = readout,
                    }
                )
            )
        );

    private static nn.Module<Tensor, Tensor> Broken()
    {
        var model = PageModels.LeNet(new LeNetOptions());
        using var noGradients = no_grad();
        model.get_parameter("conv1.bias")!.fill_(double.NaN);
        return model;
    }
}
