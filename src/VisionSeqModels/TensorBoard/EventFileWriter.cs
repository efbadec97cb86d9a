using System.Globalization;
using Google.Protobuf;
using Tensorboard;
using VisionSeqModels.Core;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.TensorBoard;

/// <summary>Writes a file that TensorBoard reads: scalars, pictures and histograms over steps.</summary>
/// <remarks>Format: TensorFlow's event records, framed with lengths and masked CRC-32C sums. Records are only added at the
/// end, and each is written at once, so that a file that was cut off is readable up to there. Every method throws an
/// <see cref="IOException"/> with the file's path where the disk is full.</remarks>
public sealed class EventFileWriter : IDisposable
{
    private readonly Stream _stream;
    private readonly TimeProvider _clock;

    /// <summary>Creates a new file <c>events.out.tfevents.…</c>.</summary>
    /// <param name="directory">The folder; it is created where it is missing.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public EventFileWriter(string directory, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        _clock = clock ?? TimeProvider.System;
        string host = string.Concat(Environment.MachineName.Where(char.IsAsciiLetterOrDigit));
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"events.out.tfevents.{_clock.GetUtcNow().ToUnixTimeSeconds():d10}.{host}.{Environment.ProcessId}.{Guid.NewGuid():n}"
        );
        FilePath = Path.Combine(directory, name);
        _stream = Create(FilePath);
        try
        {
            Write(new Event { FileVersion = "brain.Event:2" });
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>Adds a number.</summary>
    /// <param name="tag">Its name; what stands before a slash groups charts.</param>
    /// <param name="value">The number; it is kept in float32, as the format asks.</param>
    /// <param name="step">The step or epoch.</param>
    public void WriteScalar(string tag, double value, long step) =>
        Write(step, new Summary.Types.Value { Tag = tag, SimpleValue = (float)value });

    /// <summary>Adds a picture.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="step">The step or epoch.</param>
    public void WriteImage(string tag, Picture picture, long step)
    {
        ArgumentNullException.ThrowIfNull(picture);
        Write(
            step,
            new Summary.Types.Value
            {
                Tag = tag,
                Image = new Summary.Types.Image
                {
                    Width = picture.Width,
                    Height = picture.Height,
                    Colorspace = 4,
                    EncodedImageString = ByteString.CopyFrom(picture.ToPng()),
                },
            }
        );
    }

    /// <summary>Adds a distribution.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="values">The values; those that are not finite are left out.</param>
    /// <param name="step">The step or epoch.</param>
    public void WriteHistogram(string tag, ReadOnlySpan<float> values, long step) =>
        Write(step, new Summary.Types.Value { Tag = tag, Histo = EventHistogram.Of(values) });

    /// <summary>Marks that this file continues older ones of its folder: TensorBoard leaves out what they have from a step
    /// on.</summary>
    /// <param name="step">The first step that no longer counts.</param>
    public void WriteRestart(long step) =>
        Write(
            new Event
            {
                Step = step,
                SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start },
            }
        );

    /// <summary>Adds the settings of a run, for TensorBoard's table of hyperparameters.</summary>
    /// <param name="values">Names and values: texts, numbers or booleans.</param>
    public void WriteHyperparameters(IReadOnlyDictionary<string, object> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Write(0, EventHyperparameters.Start(values, Now));
    }

    /// <summary>Adds how the run ended, for TensorBoard's table of hyperparameters.</summary>
    /// <param name="success">Whether it completed.</param>
    public void WriteSessionEnd(bool success) => Write(0, EventHyperparameters.End(success, Now));

    /// <summary>Brings what was written to the disk, so that it outlives a power cut.</summary>
    internal void FlushToDisk() => AtomicFile.Explain(FilePath, () => FileSystem.Current.Flush(_stream));

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private double Now => _clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

    private void Write(long step, Summary.Types.Value value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value.Tag);
        Write(
            new Event
            {
                Step = step,
                Summary = new Summary { Value = { value } },
            }
        );
    }

    private static Stream Create(string path)
    {
        Stream? stream = null;
        AtomicFile.Explain(
            path,
            () =>
            {
                string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
                FileSystem.Current.CreateFolder(folder);
                // Without a buffer: what the disk refuses is not tried again when the file is closed.
                stream = FileSystem.Current.Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
                FileSystem.Current.FlushFolder(folder);
            }
        );
        return stream!;
    }

    private void Write(Event content)
    {
        content.WallTime = Now;
        byte[] bytes = content.ToByteArray();
        long begin = _stream.Position;
        AtomicFile.Explain(
            FilePath,
            () =>
            {
                try
                {
                    EventRecord.Write(_stream, bytes);
                }
                catch (IOException)
                {
                    _stream.SetLength(begin); // half a record would hide those that follow it
                    throw;
                }
            }
        );
    }
}
