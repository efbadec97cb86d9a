using System.Text;
using VisionSeqModels.Samples.Serve;
using Xunit.Abstractions;

namespace VisionSeqModels.Tests.Fuzzing;

/// <summary>Damaged entries of an ONNX file give what they say or InvalidDataException.</summary>
public sealed class OnnxMetadataFuzzTests(ITestOutputHelper output)
{
    private const string Sound = """
        output:scores
        targets:labels
        class_names:["a","b","c"]
        resize:letterbox
        background:#0080ff
        """;

    [Fact]
    public void Entries_Damaged() =>
        new Fuzz(output).Read(
            [Encoding.UTF8.GetBytes(Sound), Encoding.UTF8.GetBytes("""class_names:["\u00e4",":","\n"]""")],
            bytes =>
            {
                var metadata = ServedMetadata.Read("any.onnx", Entries(Encoding.UTF8.GetString(bytes)), outputs: 3);
                Assert.Equal(3, metadata.Classes.Length);
                Assert.All(metadata.Classes, Assert.NotNull);
                Assert.All(metadata.Activation?.Invoke([1, 2, 3]) ?? [], value => Assert.InRange(value, 0, 1));
            },
            e => e is InvalidDataException
        );

    private static Dictionary<string, string> Entries(string text)
    {
        var entries = new Dictionary<string, string>();
        foreach (string[] parts in text.Split('\n').Select(line => line.Split(':', 2)))
        {
            entries[parts[0]] = parts[^1];
        }

        return entries;
    }
}
