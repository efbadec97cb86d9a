using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Models;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Samples;

/// <summary>The views of a trained recurrent classifier that a run folder of part 3 holds.</summary>
public static class RecurrentPictures
{
    /// <summary>Draws one test image step by step, the confusion matrix and the most confident errors, and writes the numbers
    /// beside the pictures.</summary>
    /// <returns>What can be drawn for several models in one chart.</returns>
    public static (PrefixAccuracy Prefix, GradientFlow Flow) Write(RecurrentClassifier model, ImageDataset test, string folder)
    {
        string In(string name) => Path.Combine(folder, name);
        using (NewDisposeScope())
        {
            using var first = new ImageSubset(test, [0]).Read(new BatchRequest { BatchSize = 1 }).GetEnumerator();
            first.MoveNext();
            var trace = RecurrentTrace.Measure(model, first.Current.Inputs);
            var image = ImageTile.Of(test, 0);
            trace.Draw(image).SavePng(In("hidden_states.png"));
            trace.Save(In("hidden_states.json"));
            if (trace.Gates.Count > 0)
            {
                trace.DrawGates(image).SavePng(In("gates.png"));
            }
        }

        ConfusionMatrix.Measure(model, test).Draw().SavePng(In("confusion.png"));
        var errors = ConfidentErrors.Measure(model, test);
        errors.Save(In("mistakes.json"));
        if (errors.ErrorCount > 0)
        {
            errors.Draw(test).SavePng(In("mistakes.png"));
        }

        var prefix = PrefixAccuracy.Measure(model, test);
        prefix.Save(In("prefix_accuracy.json"));
        var flow = GradientFlow.Measure(model, test);
        flow.Save(In("gradient_flow.json"));
        return (prefix, flow);
    }

    /// <summary>Draws prefix accuracy and gradient flow of some models in one chart each.</summary>
    public static void WriteCharts(IReadOnlyDictionary<string, (PrefixAccuracy Prefix, GradientFlow Flow)> models, string folder)
    {
        ArgumentNullException.ThrowIfNull(models);
        PrefixAccuracy
            .Draw(models.ToDictionary(model => model.Key, model => model.Value.Prefix))
            .SavePng(Path.Combine(folder, "prefix_accuracy.png"));
        GradientFlow
            .Draw(models.ToDictionary(model => model.Key, model => model.Value.Flow))
            .SavePng(Path.Combine(folder, "gradient_flow.png"));
    }
}
