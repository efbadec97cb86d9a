using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Faults;

/// <summary>A folder of images that is too large for memory: decoded once, then read from its cache.</summary>
internal sealed class FolderCacheFaults : FaultScenario
{
    private static readonly Lazy<string> Images = new(() =>
    {
        string folder = Path.Combine(Path.GetTempPath(), $"visionseq-images-{Environment.ProcessId}");
        Photos.Write(folder, 4, "red", "green");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    });

    public override string Name => "image-cache";

    public override void Run(SimulatedDisk disk)
    {
        for (int load = 1; load <= 2; load++) // the second one finds the cache
        {
            using var data = ImageFolder.Load(
                Images.Value,
                new ImageFolderOptions
                {
                    Preparation = new ImagePreparation { Width = 8, Height = 8 },
                    MemoryLimit = 0,
                    CacheDirectory = Path.Combine(disk.Root, "cache"),
                    Threads = 1,
                }
            );
            using var scope = NewDisposeScope();
            Assert.Equal(Pixels.Value, Convert.ToHexString(data.Train.Pixels.contiguous().bytes));
        }

        disk.Promise("the cache", root => Directory.GetFiles(Path.Combine(root, "cache"), "*.images").Length == 1);
    }

    private static readonly Lazy<string> Pixels = new(() =>
    {
        using var data = ImageFolder.Load(
            Images.Value,
            new ImageFolderOptions
            {
                Preparation = new ImagePreparation { Width = 8, Height = 8 },
            }
        );
        using var scope = NewDisposeScope();
        return Convert.ToHexString(data.Train.Pixels.contiguous().bytes);
    });
}
