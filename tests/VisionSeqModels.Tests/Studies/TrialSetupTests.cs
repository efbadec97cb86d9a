using System.Text.Json.Nodes;
using VisionSeqModels.Runs;
using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What a trial was run with, from its folder.</summary>
public sealed class TrialSetupTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Setup_StandsInItsFile()
    {
        TrialSetup.Write(new JsonObject { ["own"] = 1 }, _folder["trial"]);
        Assert.Equal("{\n  \"own\": 1\n}\n", File.ReadAllText(_folder["trial/trial.json"]));
        Assert.Equal(1, (int?)TrialSetup.Read(_folder["trial"], RunOf())!["own"]);
    }

    [Fact]
    public void TrialOfAnEarlierVersion_HasWhatItsRecordSays()
    {
        Assert.Null(TrialSetup.Read(_folder["none"], null));
        Assert.Equal("""{"data":{"source":null,"test_samples":null,"train_samples":null}}""", Read(RunOf()));
        var record = RunOf("""{ "epochs": 2 }""") with
        {
            Source = "own",
            Data = new RunRecord.DataPart { TrainSamples = 90, TestSamples = 10 },
            Model = new RunRecord.ModelPart
            {
                Name = "LeNet",
                Parameters = 7,
                Options = new JsonObject { ["size"] = 3 },
            },
        };
        Assert.Equal(
            """
            {"data":{"source":"own","test_samples":10,"train_samples":90},"trainer":{"epochs":2},
            "model":{"name":"LeNet","parameters":7,"options":{"size":3}}}
            """.ReplaceLineEndings(""),
            Read(record)
        );
        // of data that was divided, the number of training samples is not that of the source
        Assert.Equal(
            """{"data":{"source":null,"test_samples":null}}""",
            Read(
                RunOf() with
                {
                    Data = new RunRecord.DataPart { TrainSamples = 80, ValidationSamples = 10 },
                }
            )
        );
    }

    private string Read(RunRecord record) => TrialSetup.Read(_folder["none"], record)!.ToJsonString();
}
