using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Tensorboard;

namespace VisionSeqModels.TensorBoard;

/// <summary>The messages of TensorBoard's hyperparameter table (its file plugins/hparams/plugin_data.proto), which come
/// with no .NET package.</summary>
internal static class EventHyperparameters
{
    private const int SessionStart = 3; // HParamsPluginData.session_start_info
    private const int SessionEnd = 4; // HParamsPluginData.session_end_info

    public static Summary.Types.Value Start(IReadOnlyDictionary<string, object> values, double seconds)
    {
        var session = Message(output =>
        {
            foreach (var (name, value) in values)
            {
                WriteBytes(
                    output,
                    1,
                    Message(entry =>
                    {
                        entry.WriteTag(1, WireFormat.WireType.LengthDelimited);
                        entry.WriteString(name);
                        WriteBytes(entry, 2, ValueOf(value).ToByteString());
                    })
                );
            }

            output.WriteTag(5, WireFormat.WireType.Fixed64);
            output.WriteDouble(seconds);
        });
        return Plugin("_hparams_/session_start_info", SessionStart, session);
    }

    public static Summary.Types.Value End(bool success, double seconds)
    {
        var session = Message(output =>
        {
            output.WriteTag(1, WireFormat.WireType.Varint);
            output.WriteEnum(success ? 1 : 2);
            output.WriteTag(2, WireFormat.WireType.Fixed64);
            output.WriteDouble(seconds);
        });
        return Plugin("_hparams_/session_end_info", SessionEnd, session);
    }

    private static Summary.Types.Value Plugin(string tag, int field, ByteString session) =>
        new()
        {
            Tag = tag,
            Metadata = new SummaryMetadata
            {
                PluginData = new SummaryMetadata.Types.PluginData
                {
                    PluginName = "hparams",
                    Content = Message(output => WriteBytes(output, field, session)),
                },
            },
        };

    private static Value ValueOf(object value) =>
        value switch
        {
            bool flag => Value.ForBool(flag),
            string text => Value.ForString(text),
            _ => Value.ForNumber(System.Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)),
        };

    private static void WriteBytes(CodedOutputStream output, int field, ByteString bytes)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(bytes);
    }

    private static ByteString Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        write(output);
        output.Flush();
        return ByteString.CopyFrom(stream.ToArray());
    }
}
