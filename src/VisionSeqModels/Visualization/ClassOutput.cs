using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Views of classes refuse models that say they give something else.</summary>
internal static class ClassOutput
{
    /// <summary>Throws where the model's outputs are no class scores, one of a sample.</summary>
    /// <param name="model">The model.</param>
    /// <param name="view">The view, for the message.</param>
    /// <exception cref="ArgumentException">They are values or labels, or there is an output for each step.</exception>
    public static void Require(nn.Module model, string view)
    {
        if (model is not IConfiguredModel configured)
        {
            return;
        }

        if (configured.Output != ModelOutput.Classes)
        {
            throw new ArgumentException(
                $"{view} needs a model that gives one class for each sample, but the Output of '{model.GetName()}' is "
                    + $"{configured.Output}. Use Trainer.Evaluate or Trainer.Predict for such a model.",
                nameof(model)
            );
        }

        if (configured.OutputsEachStep)
        {
            throw new ArgumentException(
                $"{view} needs a model that gives one class for each sample, but '{model.GetName()}' gives an output for each "
                    + "step. Use Trainer.Evaluate or Trainer.Predict for such a model.",
                nameof(model)
            );
        }
    }
}
