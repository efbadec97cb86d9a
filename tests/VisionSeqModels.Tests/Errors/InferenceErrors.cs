using VisionSeqModels.Tests.Inference;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Errors;

/// <summary>Reproductions of what can go wrong where a trained model answers, by the ids of docs/errors.md.</summary>
internal static class InferenceErrors
{
    public static IEnumerable<(string Id, Action<TempFolder> Cause)> All =>
        [
            ("page-model", folder => TinyModel.Create().SavePage(folder["page.html"])),
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
        ];

    private static nn.Module<Tensor, Tensor> Broken()
    {
        var model = PageModels.LeNet(new LeNetOptions());
        using var noGradients = no_grad();
        model.get_parameter("conv1.bias")!.fill_(double.NaN);
        return model;
    }
}
