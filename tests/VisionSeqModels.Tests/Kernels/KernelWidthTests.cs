using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using VisionSeqModels.Models;

namespace VisionSeqModels.Tests.Kernels;

/// <summary>The own kernels on processors with fewer or narrower registers than this one, which .NET can be made
/// to ignore; in a process of their own, because .NET decides at its start.</summary>
public sealed class KernelWidthTests
{
    /// <summary>What another process runs.</summary>
    internal static void CompareAll()
    {
        torch.set_num_threads(2);
        using var gru = SequenceModels.Gru();
        bool isSelected = KernelSelection.RecurrentLayer(gru.Layers, RecurrentCell.Gru, gru.Options) is not null;
        Assert.Equal(Vector<float>.Count >= 8, isSelected);
        Assert.Equal(isSelected, KernelSelection.Convolutions(new LeNetOptions()) is not null);
        var convolutions = new FastConvolutionsTests();
        convolutions.ValuesAndGradients_AreLibtorchs(19, new LeNetOptions());
        convolutions.ValuesAndGradients_AreLibtorchs(
            3,
            new LeNetOptions
            {
                InputChannels = 5,
                Conv1Channels = 7,
                Conv2Channels = 11,
                KernelSize = 3,
            }
        );
        convolutions.EqualValues_TheFirstIsTaken();
        var layers = new FastRecurrentLayerTests();
        foreach (var cell in Enum.GetValues<RecurrentCell>())
        {
            layers.StatesAndGradients_AreLibtorchs(cell, ActivationFunction.Tanh, batch: 13, time: 9, hidden: 48);
        }
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "8 False")]
    [InlineData("DOTNET_EnableAVX2", "4 False")]
    public async Task WithoutSomeInstructions_ValuesAndGradientsAreLibtorchs(string switchedOff, string expected)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return; // the switches are this architecture's
        }

        using var child = ChildProgram.Start(
            new Dictionary<string, string?> { [switchedOff] = "0" },
            ChildProgram.KernelsCommand
        );
        var error = child.StandardError.ReadToEndAsync();
        string output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 0, output + await error);
        Assert.Equal(ChildProgram.Done + expected, output.Trim());
    }
}
