using System.Buffers.Binary;
using TorchSharp;
using VisionSeqModels.Visualization;

namespace VisionSeqModels.Tests.Visualization;

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
        var trainer = new Trainer(new TrainerOptions { Epochs = 2, Seed = 1 }) { Callbacks = { new TensorBoardLogger { Directory = folder.Root } } };

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

    /// <summary>Reads the records without the code under test.</summary>
    private static List<Tensorboard.Event> Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        var events = new List<Tensorboard.Event>();
        for (int at = 0; at < bytes.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            events.Add(Tensorboard.Event.Parser.ParseFrom(bytes, at + 12, length));
            at += 12 + length + 4;
        }

        return events;
    }
}
