using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using VisionSeqModels.Drawing;
using VisionSeqModels.Studies;
using VisionSeqModels.TensorBoard;

namespace VisionSeqModels.Tests.TensorBoard;

[Collection("Torch")]
public sealed class EventFileTests
{
    [Fact]
    public void Record_OfKnownContent_HasTheBytesOfTensorFlow()
    {
        using var stream = new MemoryStream();
        EventRecord.Write(stream, "123456789"u8);
        byte[] bytes = stream.ToArray();

        // CRC-32C of "123456789" is e3069283 (RFC 3720); masked: rotated right by 15, plus a282ead8.
        uint sum = 0xe3069283;
        Assert.Equal(((sum >> 15) | (sum << 17)) + 0xa282ead8, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(^4)));
        Assert.Equal(9UL, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        Assert.Equal(12 + 9 + 4, bytes.Length);
    }

    [Fact]
    public void Logger_WritesWhatTheRunHad()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        var trainer = new Trainer(new TrainerOptions { Epochs = 2, Seed = 1 })
        {
            Callbacks = { new TensorBoardLogger { Directory = folder.Root } },
        };

        var history = trainer.Fit(model, data, data);
        var events = Read(Directory.GetFiles(folder.Root, "events.out.tfevents.*").Single());

        Assert.Equal("brain.Event:2", events[0].FileVersion);
        var values = events.Skip(1).Select(entry => (entry.Step, Value: entry.Summary.Value.Single())).ToList();
        float loss = values.Single(entry => entry.Step == 2 && entry.Value.Tag == "loss/test").Value.SimpleValue;
        Assert.Equal((float)history["test_loss"][1], loss);
        var weights = values.Single(entry => entry.Step == 2 && entry.Value.Tag == "weights/hidden.weight").Value.Histo;
        Assert.Equal(16, weights.Num);
        Assert.Equal(16, weights.Bucket.Sum());
    }

    [Fact]
    public void Logger_WritesTheSettingsAndHowTheRunEnded()
    {
        using var folder = new TempFolder();
        var events = Train(
            folder,
            new TrainerOptions
            {
                Shards = 2,
                Epochs = 1,
                BatchSize = 16,
                Seed = 1,
                Optimizer = new SgdOptions
                {
                    LearningRate = 0.25,
                    Momentum = 0.5,
                    WeightDecay = 0.125,
                },
            }
        );
        var (settings, end) = Hyperparameters(events);
        Assert.Equal(
            ("SGD", 0.25, 16, 1, 0.5, 0.125),
            (
                settings["optimizer"].StringValue,
                settings["learning_rate"].NumberValue,
                settings["batch_size"].NumberValue,
                settings["seed"].NumberValue,
                settings["momentum"].NumberValue,
                settings["weight_decay"].NumberValue
            )
        );
        Assert.Equal(2, settings["shards"].NumberValue); // a whole number within the options
        Assert.Equal(1, end.Single(field => field.Number == 1).Varint); // STATUS_SUCCESS
    }

    /// <summary>Trials of a study differ by what the study varies, whatever that is.</summary>
    [Fact]
    public void Study_GivesEachTrialItsFactors()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(32);
        var plan = StudyPlan
            .From(0.1)
            .Vary("learning rate", [0.1, 0.2], (_, value) => value)
            .Vary("kind", ["a", "b"], (setting, _) => setting)
            .Grid();
        var study = Study.Run(
            folder["study"],
            plan,
            (rate, _) =>
                new StudyTrial
                {
                    Model = TinyModel.Create(),
                    Options = new TrainerOptions
                    {
                        Epochs = 1,
                        Device = "cpu",
                        Optimizer = new SgdOptions { LearningRate = rate },
                    },
                },
            new FitData { Train = data, Test = data }
        );
        Assert.Equal(
            [(0.1, "a"), (0.1, "b"), (0.2, "a"), (0.2, "b")],
            study
                .Trials.Select(trial =>
                    Hyperparameters(
                        Read(Directory.GetFiles(folder[$"study/{trial.Folder}"], "events.out.tfevents.*").Single())
                    ).Settings
                )
                .Select(settings => (settings["factor_learning_rate"].NumberValue, settings["factor_kind"].StringValue))
        );
    }

    private static (Dictionary<string, Value> Settings, List<(int Number, ByteString Bytes, long Varint)> End) Hyperparameters(
        IReadOnlyList<Tensorboard.Event> events
    )
    {
        var sessions = events
            .Where(entry => entry.Summary?.Value[0].Metadata?.PluginData.PluginName == "hparams")
            .ToDictionary(entry => entry.Summary.Value[0].Tag, entry => entry.Summary.Value[0].Metadata.PluginData.Content);

        // plugins/hparams/plugin_data.proto: session_start_info = 3 { map hparams = 1 }, session_end_info = 4 { status = 1 }
        var start = Fields(Fields(sessions["_hparams_/session_start_info"]).Single(field => field.Number == 3).Bytes);
        var settings = start
            .Where(field => field.Number == 1)
            .Select(field => Fields(field.Bytes))
            .ToDictionary(entry => entry[0].Bytes.ToStringUtf8(), entry => Value.Parser.ParseFrom(entry[1].Bytes));
        return (settings, Fields(Fields(sessions["_hparams_/session_end_info"]).Single(field => field.Number == 4).Bytes));
    }

    [Fact]
    public void Logger_WritesPublishedPicturesAsPng()
    {
        using var folder = new TempFolder();
        var picture = Picture.Draw(30, 20, _ => { });
        var publish = new TracingCallback([]) { At = "EpochStart 1", Act = context => context.Publish("mine", picture) };

        var image = Train(folder, new TrainerOptions { Epochs = 1, Seed = 1 }, publish)
            .Select(entry => entry.Summary?.Value[0])
            .Single(value => value?.Tag == "mine")!
            .Image;

        Assert.Equal((30, 20), (image.Width, image.Height));
        Assert.Equal(picture.ToPng(), image.EncodedImageString.ToByteArray());
    }

    [Fact]
    public void Logger_AskedForGradients_WritesTheirDistributionOnceAnEpoch()
    {
        using var folder = new TempFolder();
        var tags = Train(
                folder,
                new TrainerOptions
                {
                    Epochs = 2,
                    BatchSize = 16,
                    Seed = 1,
                },
                gradients: true
            )
            .Where(entry => entry.Summary?.Value[0].Tag == "gradients/hidden.weight")
            .ToList();
        Assert.Equal([1L, 5], tags.Select(entry => entry.Step)); // the first of four steps of each epoch
        Assert.Equal(16, tags[0].Summary.Value[0].Histo.Num);
    }

    private static List<Tensorboard.Event> Train(
        TempFolder folder,
        TrainerOptions options,
        Callback? extra = null,
        bool gradients = false
    )
    {
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        var trainer = new Trainer(options)
        {
            Callbacks =
            {
                new TensorBoardLogger { Directory = folder.Root, GradientHistograms = gradients },
            },
        };
        if (extra is not null)
        {
            trainer.Callbacks.Add(extra);
        }

        trainer.Fit(model, data, data);
        return Read(Directory.GetFiles(folder.Root, "events.out.tfevents.*").Single());
    }

    /// <summary>Reads the records, and compares their sums, without the code under test.</summary>
    private static List<Tensorboard.Event> Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        var events = new List<Tensorboard.Event>();
        for (int at = 0; at < bytes.Length; )
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            Assert.Equal(MaskedSum(bytes.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)));
            Assert.Equal(
                MaskedSum(bytes.AsSpan(at + 12, length)),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length))
            );
            events.Add(Tensorboard.Event.Parser.ParseFrom(bytes, at + 12, length));
            at += 12 + length + 4;
        }

        return events;
    }

    /// <summary>CRC-32C bit by bit from its polynomial, masked as TensorFlow does.</summary>
    private static uint MaskedSum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ ((sum & 1) * 0x82f63b78);
            }
        }

        return BitOperations.RotateRight(~sum, 15) + 0xa282ead8;
    }

    private static List<(int Number, ByteString Bytes, long Varint)> Fields(ByteString message)
    {
        var input = message.CreateCodedInput();
        List<(int, ByteString, long)> fields = [];
        while (input.ReadTag() is var tag and not 0)
        {
            bool isMessage = WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited;
            bool isFixed = WireFormat.GetTagWireType(tag) == WireFormat.WireType.Fixed64;
            fields.Add(
                (
                    WireFormat.GetTagFieldNumber(tag),
                    isMessage ? input.ReadBytes() : ByteString.Empty,
                    isMessage ? 0
                    : isFixed ? (long)input.ReadFixed64()
                    : input.ReadInt64()
                )
            );
        }

        return fields;
    }
}
