using Google.Protobuf;

namespace VisionSeqModels.Inference;

/// <summary>A message of Protocol Buffers, field by field, in the order in which they are written.</summary>
internal sealed class ProtoMessage
{
    private readonly record struct Field(int Number, long? Whole, float? Real, ByteString? Bytes, ProtoMessage? Message);

    private readonly List<Field> _fields = [];

    public ProtoMessage Add(int number, long value) => Add(new Field(number, value, null, null, null));

    public ProtoMessage Add(int number, float value) => Add(new Field(number, null, value, null, null));

    public ProtoMessage Add(int number, string text) => Add(number, ByteString.CopyFromUtf8(text));

    public ProtoMessage Add(int number, ByteString bytes) => Add(new Field(number, null, null, bytes, null));

    public ProtoMessage Add(int number, ProtoMessage message) => Add(new Field(number, null, null, null, message));

    /// <summary>Adds a repeated field: each value by itself, as proto2 has it.</summary>
    public ProtoMessage AddAll(int number, IEnumerable<long> values)
    {
        foreach (long value in values)
        {
            Add(number, value);
        }

        return this;
    }

    public ProtoMessage AddAll(int number, IEnumerable<string> texts)
    {
        foreach (string text in texts)
        {
            Add(number, text);
        }

        return this;
    }

    public ProtoMessage AddAll(int number, IEnumerable<ProtoMessage> messages)
    {
        foreach (var message in messages)
        {
            Add(number, message);
        }

        return this;
    }

    /// <summary>The bytes of the message, without a length before it.</summary>
    public long Size() => _fields.Sum(SizeOf);

    /// <summary>Writes the message, without a length before it.</summary>
    public void WriteTo(Stream stream)
    {
        using var output = new CodedOutputStream(stream, leaveOpen: true);
        WriteTo(output);
    }

    private ProtoMessage Add(Field field)
    {
        _fields.Add(field);
        return this;
    }

    private static long SizeOf(Field field)
    {
        long content =
            field.Whole is long whole ? CodedOutputStream.ComputeInt64Size(whole)
            : field.Real is not null ? sizeof(float)
            : WithLength(field.Bytes?.Length ?? field.Message!.Size());
        return CodedOutputStream.ComputeTagSize(field.Number) + content;
    }

    private static long WithLength(long bytes) => CodedOutputStream.ComputeInt64Size(bytes) + bytes;

    private void WriteTo(CodedOutputStream output)
    {
        foreach (var field in _fields)
        {
            Write(output, field);
        }
    }

    private static void Write(CodedOutputStream output, Field field)
    {
        if (field.Whole is long whole)
        {
            output.WriteTag(field.Number, WireFormat.WireType.Varint);
            output.WriteInt64(whole);
        }
        else if (field.Real is float real)
        {
            output.WriteTag(field.Number, WireFormat.WireType.Fixed32);
            output.WriteFloat(real);
        }
        else
        {
            output.WriteTag(field.Number, WireFormat.WireType.LengthDelimited);
            if (field.Bytes is ByteString bytes)
            {
                output.WriteBytes(bytes);
            }
            else
            {
                output.WriteLength((int)field.Message!.Size());
                field.Message.WriteTo(output);
            }
        }
    }
}
