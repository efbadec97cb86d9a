using System.Text;

namespace VisionSeqModels.Samples;

/// <summary>Standard output that says in one sentence that it is full or closed. The system's own message does not say which
/// file it is about.</summary>
internal sealed class CheckedOutput(TextWriter output) : TextWriter
{
    public override Encoding Encoding => output.Encoding;

    public override void Write(char value) => Check(() => output.Write(value));

    public override void Write(char[] buffer, int index, int count) => Check(() => output.Write(buffer, index, count));

    public override void Write(string? value) => Check(() => output.Write(value));

    public override void WriteLine(string? value) => Check(() => output.WriteLine(value));

    public override void Flush() => Check(output.Flush);

    private static void Check(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"Standard output cannot be written: {e.Message.TrimEnd('.')}. Make room, or send it to another place.",
                e
            );
        }
    }
}
