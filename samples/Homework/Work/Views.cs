using VisionSeqModels;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Models;
using VisionSeqModels.Samples;
using VisionSeqModels.Visualization;

/// <summary>The views of the trained models that the document shows.</summary>
internal static class Views
{
    private const string Lstm = "cell LSTM, hidden size 128";
    private const string Gru = "cell GRU, hidden size 128";

    /// <summary>The views of some parts.</summary>
    public static IReadOnlyList<View> Of(IReadOnlyCollection<string> parts, IReadOnlyList<long> seeds) =>
        [
            .. parts.Contains("1c") ? [new View("lenet", "lenet", "base", seeds[0], data => data.Pictures, Errors)] : (View[])[],
            .. parts.Contains("2")
                ? [new View("deconvnet", "lenet", "base", seeds[0], data => data.Pictures, Deconvnet)]
                : (View[])[],
            .. parts.Contains("3a") ? [Recurrent("rnn", "rnn", "base", seeds[0])] : (View[])[],
            .. parts.Contains("3b")
                ? [Recurrent("lstm", "lstm-gru", Lstm, seeds[0]), Recurrent("gru", "lstm-gru", Gru, seeds[0])]
                : (View[])[],
            .. parts.Contains("3c") ? seeds.SelectMany(Robustnesses) : [],
        ];

    private static View[] Robustnesses(long seed) =>
        [
            Robustness("LeNet", "lenet-digits", "model LeNet", seed),
            Robustness("RNN", "rnn", "optimizer Adam", seed),
            Robustness("LSTM", "lstm-gru", Lstm, seed),
            Robustness("GRU", "lstm-gru", Gru, seed),
        ];

    private static View Recurrent(string name, string study, string setting, long seed) =>
        new(
            name,
            study,
            setting,
            seed,
            data => data.Digits,
            view => RecurrentPictures.Write((RecurrentClassifier)view.Model, view.Data.Test, view.Folder)
        );

    private static View Robustness(string model, string study, string setting, long seed) =>
        new(
            FormattableString.Invariant($"shifts_{model}_seed{seed}").ToLowerInvariant(),
            study,
            setting,
            seed,
            data => data.Digits,
            view =>
            {
                Errors(view);
                global::Robustness.Measure(view, model).Save(view.In(global::Robustness.FileName));
            }
        );

    private static void Errors(ViewContext view)
    {
        var matrix = ConfusionMatrix.Measure(view.Model, view.Data.Test, cancellationToken: view.Stop);
        matrix.Save(view.In("confusion.json"));
        matrix.Draw().SavePng(view.In("confusion.png"));
        var errors = ConfidentErrors.Measure(view.Model, view.Data.Test, cancellationToken: view.Stop);
        errors.Save(view.In("mistakes.json"));
        if (errors.ErrorCount > 0)
        {
            errors.Draw(view.Data.Test).SavePng(view.In("mistakes.png"));
        }
    }

    private static void Deconvnet(ViewContext view)
    {
        foreach (string layer in new[] { "activation1", "activation2" })
        {
            var options = new TopActivationsOptions { Layer = layer };
            var top = TopActivations.Measure(view.Model, view.Data.Test, options, view.Stop);
            top.Save(view.In($"top9_{layer}.json"));
            top.Draw(view.Data.Test).SavePng(view.In($"top9_{layer}.png"));
        }

        using var first = new ImageSubset(view.Data.Test, [0]).Read(new BatchRequest { BatchSize = 1 }).GetEnumerator();
        first.MoveNext();
        var occlusion = OcclusionSensitivity.Measure(view.Model, first.Current.Inputs, null, view.Stop);
        occlusion.Save(view.In("occlusion.json"));
        occlusion.Draw(ImageTile.Of(view.Data.Test, 0), view.Data.ClassNames).SavePng(view.In("occlusion.png"));
    }
}
