using System.Text;
using VisionSeqModels.Data;
using Xunit.Abstractions;

namespace VisionSeqModels.Tests.Fuzzing;

/// <summary>Damaged tables give sequences of finite numbers or a DatasetFormatException.</summary>
public sealed class TableFuzzTests(ITestOutputHelper output)
{
    private static readonly SequenceTableOptions Classes = new()
    {
        Sequence = "id",
        Order = "t",
        Class = "label",
        Features = ["x", "y"],
        TestFraction = 0.5,
    };

    private static readonly SequenceTableOptions[] All =
    [
        Classes,
        Classes with
        {
            Missing = MissingValues.ForwardFill,
            Split = TableSplit.Group,
            Group = "who",
        },
        Classes with
        {
            TargetEachStep = true,
            Missing = MissingValues.Zero,
            Features = ["x"],
        },
        Classes with
        {
            Class = null,
            Values = ["y"],
            Missing = MissingValues.TrainingMean,
            Features = ["x"],
        },
        Classes with
        {
            Class = null,
            Forecast = ["x"],
            Window = 2,
            Split = TableSplit.Time,
            Missing = MissingValues.ForwardFill,
        },
    ];

    public static TheoryData<int> Kinds => [.. Enumerable.Range(0, All.Length)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Table_Damaged(int kind)
    {
        byte[][] sound = [Table("\n", ""), Table("\r\n", "\ufeff"), Table("\n", "", ordered: true)];
        new Fuzz(output).Read(
            sound,
            bytes =>
            {
                using var data = SequenceTable.Read(new MemoryStream(bytes), "any.csv", All[kind]);
                foreach (var part in new[] { data.Train, data.Test })
                {
                    Assert.True(part.Count > 0);
                    for (int i = 0; i < part.Count; i++)
                    {
                        Assert.All(part.GetSequence(i).Cast<float>(), value => Assert.True(float.IsFinite(value)));
                    }
                }
            },
            e => e is DatasetFormatException
        );
    }

    private static byte[] Table(string lineEnd, string mark, bool ordered = false)
    {
        var text = new StringBuilder(mark).Append("id,t,x,y,label,who").Append(lineEnd);
        for (int i = 0; i < 24; i++)
        {
            string date = ordered ? FormattableString.Invariant($"2024-01-{i + 1:00}") : FormattableString.Invariant($"{i}");
            string x = i % 7 == 3 ? "1" : FormattableString.Invariant($"\"{i * 0.5}\"");
            text.Append(FormattableString.Invariant($"s{i / 4},{date},{x},{i / 4},{(i / 4 % 2 == 0 ? "a" : "b")},w{i / 8}"))
                .Append(lineEnd);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
