using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>Reads an optimizer's state for TorchSharp and checks every tensor's header first. TorchSharp checks none: a forged
/// type crashes libtorch, and a forged number of dimensions takes all memory.</summary>
/// <remarks>TorchSharp's format: the optimizer's name, two counts, then options and states. Only the tensors in them have
/// numbers of several bytes (seven bits in each): type, number of dimensions, sizes; then comes the content.</remarks>
internal sealed class OptimizerStateReader(byte[] bytes) : BinaryReader(new MemoryStream(bytes))
{
    private const int MaximumDimensions = 64; // libtorch's own limit
    private static readonly Dictionary<ScalarType, int> Sizes = new()
    {
        [ScalarType.Float64] = 8,
        [ScalarType.Float32] = 4,
        [ScalarType.Float16] = 2,
        [ScalarType.BFloat16] = 2,
        [ScalarType.Int64] = 8,
    };

    private bool _inName;
    private int _countsLeft = 2;
    private long _number;
    private int _shift;
    private long _dimensionsLeft;
    private long _content; // in bytes; 0 between tensors
    private bool _hasDimensions;
    private bool _isEmpty; // a size is 0, so there is no content; the other sizes count as if there were

    public override string ReadString()
    {
        _inName = true;
        string name = base.ReadString();
        _inName = false;
        return name;
    }

    public override byte ReadByte()
    {
        byte value = base.ReadByte();
        if (_inName)
        {
            return value;
        }

        Require(_shift < 63, "a number is too long");
        _number |= (long)(value & 0x7f) << _shift;
        _shift += 7;
        if ((value & 0x80) == 0)
        {
            long number = _number;
            _number = _shift = 0;
            Take(number);
        }

        return value;
    }

    private void Take(long number)
    {
        if (_countsLeft > 0)
        {
            _countsLeft--; // TorchSharp compares both with the optimizer's own
        }
        else if (_content == 0)
        {
            Require(
                number <= int.MaxValue && Sizes.TryGetValue((ScalarType)number, out int size),
                "a tensor has an unknown type"
            );
            _content = Sizes[(ScalarType)number];
        }
        else if (!_hasDimensions)
        {
            Require(number <= MaximumDimensions, "a tensor has too many dimensions");
            _hasDimensions = true;
            _dimensionsLeft = number;
            EndIfWhole();
        }
        else
        {
            long factor = Math.Max(number, 1);
            _isEmpty |= number == 0;
            _content = factor <= long.MaxValue / _content ? _content * factor : long.MaxValue;
            _dimensionsLeft--;
            EndIfWhole();
        }
    }

    private void EndIfWhole()
    {
        if (_dimensionsLeft == 0)
        {
            long most = _isEmpty ? int.MaxValue : BaseStream.Length - BaseStream.Position;
            Require(_content <= most, "a tensor is larger than the file");
            _content = 0;
            _hasDimensions = _isEmpty = false;
        }
    }

    private static void Require(bool condition, string fault)
    {
        if (!condition)
        {
            throw new FormatException($"{fault}.");
        }
    }
}
