using System.Numerics;
using System.Runtime.InteropServices;

namespace VisionSeqModels.Checkpoints;

/// <summary>Interprets a pickle that holds tensors, containers, texts and numbers, and nothing else.</summary>
/// <remarks>Python's pickle is a program for a stack machine, whose instructions can call any function. This machine has those
/// instructions that state dicts use. It calls the few names of <see cref="PickleGlobals"/>, which make values of this
/// library. It has no recursion, and counts what it makes.</remarks>
internal sealed class PickleMachine
{
    private const int NewestProtocol = 5;
    private const int MostValues = 5_000_000;
    private const int LongestInteger = 16; // the legacy format's magic number has 10 bytes

    private readonly PickleInput _input;
    private readonly Dictionary<string, PickleStorage> _storages;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly List<object?> _memo = [];
    private int _values;

    private PickleMachine(PickleInput input, Dictionary<string, PickleStorage> storages)
    {
        _input = input;
        _storages = storages;
    }

    /// <summary>Reads one pickle.</summary>
    /// <param name="input">The bytes; they may go on after its end.</param>
    /// <param name="storages">Receives the storages that it refers to, by their keys.</param>
    /// <exception cref="FormatException">It is not sound, or holds anything else.</exception>
    public static object? Read(PickleInput input, Dictionary<string, PickleStorage> storages) =>
        new PickleMachine(input, storages).Run();

    private object? Run()
    {
        while (true)
        {
            byte operation = _input.Byte();
            if (operation == (byte)'.')
            {
                object? result = Pop();
                return _stack.Count == 0 && _marks.Count == 0
                    ? result
                    : throw new FormatException("its pickle ends with values left over.");
            }

            if (!(Constant(operation) || Container(operation) || Memo(operation) || Call(operation)))
            {
                throw Refused(operation);
            }
        }
    }

    private bool Constant(byte operation)
    {
        switch (operation)
        {
            case 0x80: // PROTO
                byte protocol = _input.Byte();
                return protocol <= NewestProtocol
                    ? true
                    : throw new FormatException(
                        $"its pickle has the protocol {protocol}, but the newest known is {NewestProtocol}."
                    );
            case 0x95: // FRAME: a hint for readers
                _input.UInt64();
                return true;
            case (byte)'N':
                return Push(null);
            case 0x88:
                return Push(true);
            case 0x89:
                return Push(false);
            case (byte)'J':
                return Push((long)_input.Int32());
            case (byte)'K':
                return Push((long)_input.Byte());
            case (byte)'M':
                return Push((long)_input.UInt16());
            case 0x8a: // LONG1
                return PushInteger(_input.Byte());
            case 0x8b: // LONG4
                return PushInteger(_input.UInt32());
            case (byte)'G':
                return Push(_input.Double());
            case 0x8c: // SHORT_BINUNICODE
            case (byte)'U': // SHORT_BINSTRING, of Python 2
                return Push(_input.Text(_input.Byte()));
            case (byte)'X':
            case (byte)'T': // BINSTRING, of Python 2
                return Push(_input.Text(_input.UInt32()));
            case 0x8d: // BINUNICODE8
                return Push(_input.Text(_input.UInt64()));
            default:
                return false;
        }
    }

    private bool Container(byte operation)
    {
        switch (operation)
        {
            case (byte)'(':
                Count(1);
                _marks.Add(_stack.Count);
                return true;
            case (byte)'0': // POP
                if (_marks.Count > 0 && _marks[^1] == _stack.Count)
                {
                    _marks.RemoveAt(_marks.Count - 1);
                }
                else
                {
                    Pop();
                }

                return true;
            case (byte)'1': // POP_MARK
                PopToMark();
                return true;
            case (byte)')':
                return Push(PickleTuple.Empty);
            case (byte)'t':
                return Push(new PickleTuple(PopToMark()));
            case 0x85: // TUPLE1, TUPLE2, TUPLE3
            case 0x86:
            case 0x87:
                return Push(new PickleTuple(PopMany(operation - 0x84)));
            case (byte)']':
                return Push(new List<object?>());
            case (byte)'l':
                return Push(PopToMark().ToList());
            case (byte)'a':
                object? last = Pop();
                Top<List<object?>>("a list").Add(last);
                return true;
            case (byte)'e':
                object?[] items = PopToMark();
                Top<List<object?>>("a list").AddRange(items);
                return true;
            case (byte)'}':
                return Push(new PickleDict());
            case (byte)'d':
                object?[] all = PopToMark();
                var dict = new PickleDict();
                SetAll(dict, all);
                return Push(dict);
            case (byte)'s':
                object?[] pair = PopMany(2);
                SetAll(Top<PickleDict>("a dict"), pair);
                return true;
            case (byte)'u':
                object?[] pairs = PopToMark();
                SetAll(Top<PickleDict>("a dict"), pairs);
                return true;
            default:
                return false;
        }
    }

    private bool Memo(byte operation)
    {
        switch (operation)
        {
            case (byte)'q':
                return Put(_input.Byte());
            case (byte)'r':
                return Put(_input.UInt32());
            case 0x94: // MEMOIZE
                return Put((uint)_memo.Count);
            case (byte)'h':
                return Push(Get(_input.Byte()));
            case (byte)'j':
                return Push(Get(_input.UInt32()));
            default:
                return false;
        }
    }

    private bool Call(byte operation)
    {
        switch (operation)
        {
            case (byte)'c': // GLOBAL
                return Push(PickleGlobals.Find(_input.Line(), _input.Line()));
            case 0x93: // STACK_GLOBAL
                return PopMany(2) is [string module, string name]
                    ? Push(PickleGlobals.Find(module, name))
                    : throw new FormatException("it names something by what is no text.");
            case (byte)'R': // REDUCE
                return PopMany(2) is [PickleGlobal global, PickleTuple arguments]
                    ? Push(Result(global, arguments.Items))
                    : throw new FormatException("it calls what cannot be called.");
            case (byte)'b': // BUILD: an OrderedDict's attributes, of which PyTorch sets _metadata
                return Pop() is PickleDict && Top<PickleDict>("a dict") is not null
                    ? true
                    : throw new FormatException("it sets the state of something other than a dict.");
            case (byte)'Q': // BINPERSID
                return Push(Storage(Pop()));
            case (byte)'i': // INST
                throw PickleGlobals.Refused(_input.Line(), _input.Line());
            default:
                return false;
        }
    }

    private object Result(PickleGlobal global, object?[] arguments)
    {
        Count(arguments is [List<object?> copied] ? copied.Count : 0);
        return PickleGlobals.Call(global, arguments);
    }

    private static FormatException Refused(byte operation)
    {
        string name = operation switch
        {
            (byte)'o' => "OBJ",
            0x81 => "NEWOBJ",
            0x92 => "NEWOBJ_EX",
            0x82 => "EXT1",
            0x83 => "EXT2",
            0x84 => "EXT4",
            (byte)'P' => "PERSID",
            (byte)'C' or (byte)'B' or 0x8e => "BINBYTES",
            0x96 => "BYTEARRAY8",
            0x8f or 0x90 or 0x91 => "EMPTY_SET",
            _ => $"0x{operation:x2}",
        };
        return new FormatException(
            $"its pickle has the operation {name}, which no state dict needs. In Python, save the weights alone: "
                + "torch.save(model.state_dict(), 'weights.pth')."
        );
    }

    /// <summary>A storage of <c>("storage", torch.FloatStorage, key, location, elements)</c>; the legacy format adds
    /// None.</summary>
    private PickleStorage Storage(object? id)
    {
        if (
            id
            is not PickleTuple
            {
                Items: [
                    "storage",
                    PickleGlobal { Kind: PickleGlobalKind.Storage } type,
                    string key,
                    string,
                    long elements,
                    .. var view,
                ],
            }
        )
        {
            throw new FormatException("it refers to something other than a storage.");
        }

        if (view is not ([] or [null]))
        {
            throw new FormatException(
                "it has a view of a storage, as PyTorch before 0.4 wrote it. Save it again by a newer one."
            );
        }

        int size = SafetensorsEntry.Describe(type.Type).Size;
        if (elements < 0 || elements > long.MaxValue / size)
        {
            throw new FormatException($"a storage of it has {elements} elements.");
        }

        var storage = new PickleStorage(key, type.Type, size, elements);
        if (!_storages.TryAdd(key, storage) && _storages[key] != storage)
        {
            throw new FormatException($"it refers to the storage '{key}' with two dtypes or sizes.");
        }

        return _storages[key];
    }

    private bool PushInteger(uint bytes)
    {
        if (bytes > LongestInteger)
        {
            throw new FormatException($"a whole number of it has {bytes} bytes.");
        }

        var number = new BigInteger(_input.Bytes(bytes));
        return number >= long.MinValue && number <= long.MaxValue ? Push((long)number) : Push(number);
    }

    private bool Push(object? value)
    {
        Count(1);
        _stack.Add(value);
        return true;
    }

    private void Count(int values)
    {
        _values += values;
        if (_values > MostValues)
        {
            throw new FormatException($"its pickle has more than {MostValues} values.");
        }
    }

    private object? Pop() => PopMany(1)[0];

    private object?[] PopMany(int count)
    {
        int floor = _marks.Count == 0 ? 0 : _marks[^1];
        if (_stack.Count - count < floor)
        {
            throw new FormatException("its pickle takes a value that is not there.");
        }

        return Take(_stack.Count - count);
    }

    private object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw new FormatException("its pickle takes a mark that is not there.");
        }

        int mark = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        return Take(mark);
    }

    private object?[] Take(int begin)
    {
        object?[] taken = CollectionsMarshal.AsSpan(_stack)[begin..].ToArray();
        _stack.RemoveRange(begin, taken.Length);
        return taken;
    }

    /// <summary>The value on top of the stack, below the mark that was just taken.</summary>
    private T Top<T>(string what)
        where T : class =>
        _stack.Count > (_marks.Count == 0 ? 0 : _marks[^1]) && _stack[^1] is T top
            ? top
            : throw new FormatException($"its pickle fills {what} that is not there.");

    private static void SetAll(PickleDict dict, object?[] pairs)
    {
        if (pairs.Length % 2 != 0)
        {
            throw new FormatException("a dict of it has a key without a value.");
        }

        for (int i = 0; i < pairs.Length; i += 2)
        {
            dict.Set(pairs[i], pairs[i + 1]);
        }
    }

    /// <summary>Python numbers what it keeps from 0 on without a gap; Python 2 from 1 on.</summary>
    private bool Put(uint index)
    {
        object top = Top<object>("a memo with a value");
        if (index > _memo.Count + 1)
        {
            throw new FormatException($"its pickle keeps value {index} after {_memo.Count} values.");
        }

        while (index >= _memo.Count)
        {
            _memo.Add(null);
        }

        _memo[(int)index] = top;
        return true;
    }

    private object? Get(uint index) =>
        index < _memo.Count
            ? _memo[(int)index]
            : throw new FormatException($"its pickle takes the kept value {index}, which is not there.");
}
