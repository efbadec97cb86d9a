using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Inference;

/// <summary>One classifier, many threads.</summary>
[Collection("Torch")]
public sealed class ClassifierThreadsTests(ITestOutputHelper output)
{
    private const int Threads = 8;

    private const int Rounds = 3;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("VISIONSEQ_LONG") == "1";

    /// <summary>Of each thread in a round; the long form has more: VISIONSEQ_LONG=1.</summary>
    private static readonly int Calls = IsLong ? 2_000 : 50;

    public static TheoryData<string> Architectures => [.. AnswerFiles.Architectures];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void EightThreads_GetTheRightAnswers_AndLeaveNoTensor(string architecture)
    {
        using var folder = new TempFolder();
        using var data = AnswerFiles.Images(8);
        using var model = AnswerFiles.Model(architecture);
        ModelFile.Save(model, folder["model.safetensors"], data.Test);
        using var classifier = ImageClassifier.Load(folder["model.safetensors"]);
        byte[][] files = [.. Enumerable.Range(0, 8).Select(i => AnswerFiles.Png(data.Test, i))];
        var expected = files.Select(file => classifier.Classify(file).Scores).ToList();
        AtOnce(thread => classifier.Classify(files[thread])); // threads and their memory are there
        var bytes = new List<long> { WorkingSet() }; // first: it collects what others have left
        long tensors = Tensor.TotalCount;
        for (int round = 0; round < Rounds; round++)
        {
            AtOnce(thread =>
            {
                for (int call = 0; call < Calls; call++)
                {
                    int i = (thread + call) % files.Length;
                    Assert.Equal(expected[i], classifier.Classify(files[i]).Scores);
                }
            });
            bytes.Add(WorkingSet());
        }

        Assert.InRange(Tensor.TotalCount, 0, tensors);
        string sizes = string.Join(", ", bytes.Select(size => (size >> 10).ToString(CultureInfo.InvariantCulture)));
        output.WriteLine($"{architecture}: KiB before and after each round of {Threads * Calls} answers: {sizes}");
        Assert.True(bytes[^1] - bytes[0] < 96L << 20, sizes);
        if (IsLong)
        {
            Assert.True(bytes[3] - bytes[2] < 8L << 20, sizes); // a leak grows by as much in each round
        }
    }

    [Fact]
    public void SequencesOnEightThreads_GetTheRightAnswers_AndLeaveNoTensor()
    {
        using var folder = new TempFolder();
        using var model = SequenceModels.Lstm(
            new RecurrentOptions
            {
                InputSize = 3,
                ClassCount = 4,
                Seed = 1,
            }
        );
        ModelFile.Save(model, folder["model.safetensors"]);
        using var classifier = SequenceClassifier.Load(folder["model.safetensors"]);
        float[][,] sequences = [.. Enumerable.Range(1, 8).Select(length => SequenceClassifierTests.Wave(length * 3, 3, length))];
        var expected = sequences.Select(sequence => classifier.Classify(sequence).Scores).ToList();
        AtOnce(thread => classifier.Classify(sequences[thread]));
        WorkingSet();
        long tensors = Tensor.TotalCount;

        AtOnce(thread =>
        {
            for (int call = 0; call < Calls; call++)
            {
                int i = (thread + call) % sequences.Length;
                Assert.Equal(expected[i], classifier.Classify(sequences[i]).Scores);
            }
        });

        Assert.InRange(Tensor.TotalCount, 0, tensors);
    }

    [Fact]
    public void Dispose_WaitsForThoseWhoClassify_AndRefusesTheOthers()
    {
        using var folder = new TempFolder();
        using var data = AnswerFiles.Images(1);
        using var model = AnswerFiles.Model("resnet");
        ModelFile.Save(model, folder["model.safetensors"], data.Test);
        byte[] file = AnswerFiles.Png(data.Test, 0);
        for (int round = 0; round < 5; round++)
        {
            var classifier = ImageClassifier.Load(folder["model.safetensors"]);
            var expected = classifier.Classify(file).Scores;
            int refused = 0;
            AtOnce(thread =>
            {
                if (thread == 0)
                {
                    Thread.Sleep(10);
                    classifier.Dispose();
                    return;
                }

                try
                {
                    for (int call = 0; call < 100_000; call++)
                    {
                        Assert.Equal(expected, classifier.Classify(file).Scores);
                    }
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref refused);
                }
            });

            Assert.Equal(Threads - 1, refused);
            classifier.Dispose(); // again: nothing happens
            Assert.Throws<ObjectDisposedException>(() => classifier.Classify(file));
            Assert.Throws<ObjectDisposedException>(() => classifier.ClassifyBatch([file]));
        }
    }

    private static void AtOnce(Action<int> work)
    {
        using var start = new Barrier(Threads);
        var faults = new Exception?[Threads];
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, Threads)
                .Select(number => new Thread(() =>
                {
                    start.SignalAndWait();
                    try
                    {
                        work(number);
                    }
                    catch (Exception e)
                    {
                        faults[number] = e;
                    }
                })),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.All(faults, Assert.Null);
    }

    private static long WorkingSet()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
