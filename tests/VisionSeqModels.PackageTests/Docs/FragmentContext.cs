namespace VisionSeqModels.Tests.Docs;

/// <summary>What a fragment of the documentation may use without saying where it comes from. A whole program gets none of
/// it.</summary>
internal static class FragmentContext
{
    /// <summary>The namespaces that docs/getting-started.md says the pages assume, and the names that they use throughout.
    /// A fragment's own variables hide those of the same name.</summary>
    public const string Source = """
        global using TorchSharp;
        global using VisionSeqModels;
        global using VisionSeqModels.Checkpoints;
        global using VisionSeqModels.Data;
        global using VisionSeqModels.Metrics;
        global using VisionSeqModels.Models;
        global using VisionSeqModels.Studies;
        global using VisionSeqModels.Training;
        global using VisionSeqModels.Visualization;
        global using static TorchSharp.torch;
        global using static Context;

        internal static class Context
        {
            public static ImageDatasets data => throw new NotSupportedException();
            public static nn.Module<Tensor, Tensor> model => throw new NotSupportedException();
            public static Trainer trainer => throw new NotSupportedException();
            public static TrainingHistory history => throw new NotSupportedException();
            /// <summary>One image [1, channels, height, width].</summary>
            public static Tensor image => throw new NotSupportedException();
            /// <summary>Several.</summary>
            public static Tensor images => throw new NotSupportedException();
        }
        """;
}
