namespace VisionSeqModels.Tests.Docs;

/// <summary>What a fragment of the documentation may use without declaring it. A whole program gets none of it.</summary>
internal static class FragmentContext
{
    /// <summary>Every namespace that a fragment may assume. <see cref="UsingTests"/> holds how many of them a page
    /// needs.</summary>
    public static readonly string[] Usings =
    [
        "using TorchSharp;",
        "using TorchSharp.Modules;",
        "using VisionSeqModels;",
        "using VisionSeqModels.Checkpoints;",
        "using VisionSeqModels.Data;",
        "using VisionSeqModels.Drawing;",
        "using VisionSeqModels.Inference;",
        "using VisionSeqModels.Models;",
        "using VisionSeqModels.Optimization;",
        "using VisionSeqModels.Runs;",
        "using VisionSeqModels.Studies;",
        "using VisionSeqModels.TensorBoard;",
        "using VisionSeqModels.Torch;",
        "using VisionSeqModels.Training;",
        "using VisionSeqModels.Visualization;",
        "using static TorchSharp.torch;",
    ];

    /// <summary>The names that the pages use throughout. A fragment's own variables hide those of the same name.</summary>
    public const string Variables = """
        global using static Context;

        internal static class Context
        {
            public static VisionSeqModels.ImageDatasets data => throw new NotSupportedException();
            public static TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> model =>
                throw new NotSupportedException();
            public static VisionSeqModels.Trainer trainer => throw new NotSupportedException();
            public static VisionSeqModels.TrainingHistory history => throw new NotSupportedException();
            /// <summary>One image [1, channels, height, width].</summary>
            public static TorchSharp.torch.Tensor image => throw new NotSupportedException();
            /// <summary>Several.</summary>
            public static TorchSharp.torch.Tensor images => throw new NotSupportedException();
        }
        """;
}
