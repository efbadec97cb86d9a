"""Makes the files of this folder, with PyTorch 1.13 and torchvision 0.14: python3 make_files.py

sound/*.pth        what torch.save writes, each with a .safetensors of the same values
refused/*.pth      what torch.save and torch.jit.save write besides state dicts
../../../VisionSeqModels.PackageTests/Docs/from-pytorch/lenet.pth
                   what the program of docs/interop.md reads
malicious.json     pickles that try to do more than hold tensors, and what the refusal must say
"""
import base64
import collections
import io
import json
import os
import struct
import zipfile

import numpy
import torch
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64",
    torch.int32: "I32", torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL",
}


def path(*parts):
    full = os.path.join(HERE, *parts)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    return full


def raw(tensor):
    tensor = tensor.detach().contiguous()
    return (tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor).numpy().tobytes()


def save_safetensors(tensors, file):
    header, values = {}, b""
    for name, tensor in tensors.items():
        data = raw(tensor)
        header[name] = {"dtype": NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(values),
            len(values) + len(data)]}
        values += data
    text = json.dumps(header).encode()
    open(file, "wb").write(len(text).to_bytes(8, "little") + text + values)


def sound(name, value, tensors, **how):
    torch.save(value, path("sound", name + ".pth"), **how)
    save_safetensors(tensors, path("sound", name + ".safetensors"))


def big_endian(name, tensors):
    """What a big-endian machine writes: numbers with their high bytes first, and a record that says so."""
    stream = io.BytesIO()
    torch.save(tensors, stream)
    sizes = {str(i): tensor.element_size() for i, tensor in enumerate(tensors.values())}
    source = zipfile.ZipFile(stream)
    with zipfile.ZipFile(path("sound", name + ".pth"), "w") as target:
        for entry in source.namelist():
            data = source.read(entry)
            folder, key = entry.rsplit("/", 1)
            if folder.endswith("/data"):
                data = numpy.frombuffer(data, f"u{sizes[key]}").byteswap().tobytes()
            target.writestr(entry, data)
        target.writestr("archive/byteorder", "big")
    save_safetensors(tensors, path("sound", name + ".safetensors"))


def make_sound():
    torch.manual_seed(1)
    dtypes = collections.OrderedDict(
        (NAMES[dtype].lower(), (torch.randn(3, 4) * 100).to(dtype)) for dtype in NAMES
    )
    dtypes["special"] = torch.tensor([float("nan"), float("inf"), -float("inf"), -0.0, 1e-45])
    sound("dtypes", dtypes, dtypes)
    sound("dtypes_legacy", dtypes, dtypes, _use_new_zipfile_serialization=False)
    for protocol in (3, 4, 5):
        sound(f"protocol{protocol}", dtypes, dtypes, pickle_protocol=protocol)
    sound("protocol4_legacy", dtypes, dtypes, pickle_protocol=4, _use_new_zipfile_serialization=False)
    big_endian("big_endian", {name: tensor for name, tensor in dtypes.items()})

    base = torch.arange(24, dtype=torch.float32)
    views = {
        "base": base, "tied": base, "offset": base[5:11], "step": base[1::3], "transposed": base.view(4, 6).t(),
        "permuted": base.view(2, 3, 4).permute(2, 0, 1), "window": base.view(4, 6)[1:3, 2:5], "scalar": base[7],
        "empty": torch.empty(0, 5), "empty_view": base[3:3], "parameter": nn.Parameter(torch.randn(2, 2)),
        "frozen": nn.Parameter(torch.randn(3), requires_grad=False), "one": base[:1].expand(1, 1), "größe.重み": torch.ones(2),
    }
    sound("views", views, views)
    sound("views_legacy", views, views, _use_new_zipfile_serialization=False)

    model = nn.Sequential(collections.OrderedDict(conv=nn.Conv2d(1, 2, 3), norm=nn.BatchNorm2d(2), fc=nn.Linear(2, 3)))
    wrapped = nn.DataParallel(model)
    optimizer = torch.optim.Adam(model.parameters())
    sum(weight.sum() for weight in model.parameters()).backward()
    optimizer.step()
    sound("model", model.state_dict(), model.state_dict())
    checkpoint = {
        "epoch": 3, "arch": "tiny", "best_acc1": torch.tensor(0.5), "state_dict": wrapped.state_dict(),
        "optimizer": optimizer.state_dict(), "size": torch.Size([1, 2]), "lr": 0.1, "none": None, "flags": [True, (1,
            2), -5, 2**40],
    }
    sound("checkpoint", checkpoint, wrapped.state_dict())
    sound("checkpoint_legacy", checkpoint, wrapped.state_dict(), _use_new_zipfile_serialization=False)
    sound("two_models", {"generator": model.state_dict(), "critic": {"a": torch.ones(1)}}, model.state_dict())


def make_documented():
    torch.manual_seed(2)
    model = nn.Sequential(collections.OrderedDict(
        conv1=nn.Conv2d(3, 6, 5), conv2=nn.Conv2d(6, 16, 5), fc1=nn.Linear(400, 120), fc2=nn.Linear(120, 84),
            fc3=nn.Linear(84, 5),
    )).half()
    folder = ("..", "..", "..", "VisionSeqModels.PackageTests", "Docs", "from-pytorch", "lenet.pth")
    torch.save({"epoch": 9, "state_dict": model.state_dict()}, path(*folder))


def make_refused():
    model = nn.Linear(2, 2)
    torch.save(model, path("refused", "module.pth"))
    torch.save(model, path("refused", "module_legacy.pth"), _use_new_zipfile_serialization=False)
    torch.jit.save(torch.jit.script(model), path("refused", "torchscript.pth"))
    torch.save({"state_dict": model.state_dict(), "loss": numpy.float32(1)}, path("refused", "numpy_scalar.pth"))
    torch.save({"weight": torch.ones(1).expand(1000)}, path("refused", "expanded.pth"))
    torch.save({"weight": torch.ones(2, dtype=torch.complex64)}, path("refused", "complex.pth"))
    torch.save([torch.ones(2)], path("refused", "list.pth"))
    torch.save({"epoch": 1}, path("refused", "no_tensors.pth"))
    torch.save({"weight": torch.ones(2, 2).to_sparse()}, path("refused", "sparse.pth"))


# The pieces of a pickle, by hand: Python's own pickler would not write most of these.
def glob(module, name):
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


def text(value):
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def integer(value):
    data = value.to_bytes((value.bit_length() // 8) + 1, "little", signed=True)
    return b"\x8a" + bytes([len(data)]) + data


def tup(*items):
    return b"(" + b"".join(items) + b"t"


ORDERED = glob("collections", "OrderedDict")
EMPTY = ORDERED + b")R"
FLOATS = glob("torch", "FloatStorage")
REBUILD = glob("torch._utils", "_rebuild_tensor_v2")
COMMAND = text("touch owned")


def storage(key="0", elements=4, kind=FLOATS, location="cpu", tag="storage"):
    return tup(text(tag), kind, text(key), text(location), integer(elements)) + b"Q"


def tensor(store=None, offset=0, shape=(4,), strides=(1,), rest=b"\x89" + EMPTY):
    return REBUILD + tup(
        store if store is not None else storage(), integer(offset), tup(*map(integer, shape)), tup(*map(integer, strides)), rest
    ) + b"R"


def state(value, name="weight"):
    return b"\x80\x02}" + text(name) + value + b"s."


CASES = {
    # names
    "os_system": (b"\x80\x02" + glob("os", "system") + tup(COMMAND) + b"R.", "names 'os.system'"),
    "posix_system": (b"\x80\x02" + glob("posix", "system") + tup(COMMAND) + b"R.", "names 'posix.system'"),
    "nt_system": (b"\x80\x02" + glob("nt", "system") + tup(COMMAND) + b"R.", "names 'nt.system'"),
    "builtins_eval": (state(glob("builtins", "eval") + tup(text("1+1")) + b"R"), "names 'builtins.eval'"),
    "builtins_exec": (state(glob("builtins", "exec") + tup(text("1")) + b"R"), "names 'builtins.exec'"),
    "python2_eval": (state(glob("__builtin__", "eval") + tup(text("1")) + b"R"), "names '__builtin__.eval'"),
    "getattr": (state(glob("builtins", "getattr") + tup(EMPTY, text("__class__")) + b"R"), "names 'builtins.getattr'"),
    "subprocess": (state(glob("subprocess", "Popen") + tup(COMMAND) + b"R"), "names 'subprocess.Popen'"),
    "copyreg_reconstructor": (
        state(glob("copyreg", "_reconstructor") + tup(ORDERED, ORDERED, b"N") + b"R"), "names 'copyreg._reconstructor'"),
    "copyreg_newobj": (state(glob("copyreg", "__newobj__") + tup(ORDERED) + b"R"), "names 'copyreg.__newobj__'"),
    "never_called": (b"\x80\x02" + glob("os", "system") + b"0" + EMPTY + b".", "names 'os.system'"),
    "nested": (
        b"\x80\x02" + EMPTY + b"(" + text("a") + tensor() + text("b") + b"](" + glob("os",
            "system") + tup(COMMAND) + b"Re" + b"u.",
        "names 'os.system'"),
    "as_a_key": (b"\x80\x02}" + glob("os", "system") + tup(COMMAND) + b"RNs.", "names 'os.system'"),
    "as_hooks": (state(tensor(rest=b"\x89" + glob("os", "system") + tup(COMMAND) + b"R")), "names 'os.system'"),
    "stack_global": (b"\x80\x04" + text("os") + text("system") + b"\x93" + tup(COMMAND) + b"R.", "names 'os.system'"),
    "stack_global_from_memo": (
        b"\x80\x04" + text("os") + b"\x940" + text("system") + b"\x940h\x00h\x01\x93" + tup(COMMAND) + b"R.",
            "names 'os.system'"),
    "stack_global_dotted": (
        b"\x80\x04" + text("collections") + text("OrderedDict.fromkeys") + b"\x93.",
            "names 'collections.OrderedDict.fromkeys'"),
    "stack_global_of_numbers": (b"\x80\x04K\x01K\x02\x93.", "names something by what is no text"),
    "dotted": (state(glob("torch._utils", "_rebuild_tensor_v2.__globals__")), "_rebuild_tensor_v2.__globals__'"),
    "other_case": (state(glob("collections", "ordereddict")), "names 'collections.ordereddict'"),
    "space": (state(glob("collections", "OrderedDict ")), "names 'collections.OrderedDict '"),
    "load_from_bytes": (
        state(glob("torch.storage", "_load_from_bytes") + tup(text("x")) + b"R"), "names 'torch.storage._load_from_bytes'"),
    "torch_load": (state(glob("torch", "load") + tup(text("x")) + b"R"), "names 'torch.load'"),
    "hub_load": (state(glob("torch.hub", "load") + tup(text("x")) + b"R"), "names 'torch.hub.load'"),
    "rebuild_from_type": (
        state(glob("torch._tensor", "_rebuild_from_type_v2") + tup(ORDERED) + b"R"),
            "names 'torch._tensor._rebuild_from_type_v2'"),
    "numpy_scalar": (state(glob("numpy.core.multiarray", "scalar")), "names 'numpy.core.multiarray.scalar'"),
    "codecs_encode": (state(glob("_codecs", "encode") + tup(text("x"), text("latin1")) + b"R"), "names '_codecs.encode'"),
    "lambda_by_marshal": (state(glob("marshal", "loads")), "names 'marshal.loads'"),
    "terminal_escape": (state(glob("os", "\x1b[31msystem")), "names 'os.[31msystem'"),
    "long_name": (state(glob("o" * 900, "x")), "names 'oooooo"),
    "endless_name": (b"\x80\x02c" + b"o" * 5000, "a name of it has no end"),
    # operations
    "inst": (b"\x80\x02(" + COMMAND + b"ios\nsystem\n.", "names 'os.system'"),
    "obj": (b"\x80\x02(" + ORDERED + b"o.", "operation OBJ"),
    "newobj": (b"\x80\x02" + ORDERED + b")\x81.", "operation NEWOBJ,"),
    "newobj_ex": (b"\x80\x04" + ORDERED + b")}\x92.", "operation NEWOBJ_EX"),
    "ext1": (b"\x80\x02\x82\x01.", "operation EXT1"),
    "ext2": (b"\x80\x02\x83\x01\x00.", "operation EXT2"),
    "ext4": (b"\x80\x02\x84\x01\x00\x00\x00.", "operation EXT4"),
    "bytes": (state(b"C\x01x"), "operation BINBYTES"),
    "bytearray": (state(b"\x96" + struct.pack("<Q", 1) + b"x"), "operation BYTEARRAY8"),
    "set": (state(b"\x8f"), "operation EMPTY_SET"),
    "out_of_band_buffer": (state(b"\x97"), "operation 0x97"),
    "unknown_operation": (b"\x80\x02\xff.", "operation 0xff"),
    "protocol_99": (b"\x80\x63N.", "protocol 99"),
    "protocol_0": (b"(dp0\nS'a'\np1\nI1\ns.", "operation 0x70"),
    # calls
    "call_text": (state(text("system") + tup(COMMAND) + b"R"), "calls what cannot be called"),
    "call_dict": (state(EMPTY + b")R"), "calls what cannot be called"),
    "call_with_list": (state(ORDERED + b"]R"), "calls what cannot be called"),
    "call_storage_type": (state(FLOATS + b")R"), "makes a Storage with arguments"),
    "call_size_of_text": (state(glob("torch", "Size") + tup(text("x")) + b"R"), "makes a Size with arguments"),
    "ordered_dict_of_text": (state(ORDERED + tup(b"](" + text("ab") + b"e") + b"R"), "other than pairs"),
    "tensor_without_storage": (state(REBUILD + tup(EMPTY, integer(0), b")", b")", b"\x89", EMPTY) + b"R"),
        "makes a Tensor with arg"),
    "tensor_with_hooks": (
        state(tensor(rest=b"\x89}" + text("h") + b"Ns")), "makes a Tensor with arguments"),
    "tensor_with_metadata": (
        state(tensor(rest=b"\x89" + EMPTY + b"}" + text("neg") + b"\x88s")), "makes a Tensor with arguments"),
    "parameter_of_text": (
        state(glob("torch._utils", "_rebuild_parameter") + tup(text("x"), b"\x88", EMPTY) + b"R"), "makes a Parameter with"),
    "build_tensor": (state(tensor() + b"}b"), "sets the state of something other than a dict"),
    "build_global": (state(ORDERED + b"}b"), "fills a dict that is not there"),
    "build_with_tuple": (state(EMPTY + tup(b"N", b"}") + b"b"), "sets the state of something other than a dict"),
    # storages
    "persid": (b"\x80\x02P0\n.", "operation PERSID"),
    "persid_text": (state(text("0") + b"Q"), "something other than a storage"),
    "persid_module": (state(tup(text("module"), ORDERED, text("a"), text("b")) + b"Q"), "something other than a storage"),
    "persid_other_type": (state(tup(text("storage"), ORDERED, text("0"), text("cpu"), integer(4)) + b"Q"),
        "other than a storage"),
    "persid_number_key": (state(tup(text("storage"), FLOATS, integer(0), text("cpu"), integer(4)) + b"Q"),
        "other than a storage"),
    "storage_view": (
        state(tup(text("storage"), FLOATS, text("0"), text("cpu"), integer(4), tup(text("0"), integer(0), integer(4))) + b"Q"),
        "a view of a storage"),
    "storage_negative": (state(tensor(storage(elements=-1))), "a storage of it has -1 elements"),
    "storage_2_to_62": (state(tensor(storage(elements=2**62))), "a storage of it has 4611686018427387904 elements"),
    "storage_2_to_64": (state(tensor(storage(elements=2**64))), "something other than a storage"),
    "storage_of_two_dtypes": (
        b"\x80\x02}(" + text("a") + tensor() + text("b")
        + tensor(storage(elements=2, kind=glob("torch", "DoubleStorage")), shape=(2,)) + b"u.", "with two dtypes or sizes"),
    # tensors
    "expand_10_to_12": (state(tensor(shape=(10**12,), strides=(0,))), "its elements overlap"),
    "overlap": (state(tensor(shape=(4, 2), strides=(1, 0))), "its elements overlap"),
    "beyond_the_storage": (state(tensor(shape=(5,))), "ends outside its storage of 4"),
    "offset_beyond": (state(tensor(offset=1)), "ends outside its storage of 4"),
    "offset_negative": (state(tensor(offset=-1, shape=(2,))), "which no tensor has"),
    "offset_2_to_62": (state(tensor(offset=2**62, shape=(1,))), "ends outside its storage of 4"),
    "stride_2_to_62": (state(tensor(shape=(3,), strides=(2**62,))), "more than 2^63 bytes"),
    "stride_negative": (state(tensor(strides=(-1,))), "which no tensor has"),
    "side_negative": (state(tensor(shape=(-4,))), "which no tensor has"),
    "sides_overflow": (state(tensor(shape=(2**32, 2**32), strides=(0, 0))), "more than 2^63 bytes"),
    "sides_overflow_empty": (state(tensor(shape=(2**62, 0, 2**62), strides=(0, 0, 0))), "more than 2^63 bytes"),
    "more_strides": (state(tensor(strides=(1, 1))), "which no tensor has"),
    "dimensions_65": (state(tensor(shape=(1,) * 65, strides=(1,) * 65)), "which no tensor has"),
    "side_is_text": (state(REBUILD + tup(storage(), integer(0), tup(text("4")), tup(integer(1)), b"\x89",
        EMPTY) + b"R"), "not a whole number"),
    "side_is_true": (state(REBUILD + tup(storage(), integer(0), tup(b"\x88"), tup(integer(1)), b"\x89",
        EMPTY) + b"R"), "not a whole number"),
    # the machine
    "empty": (b"", "cut off"),
    "stack_underflow": (b"\x80\x020.", "takes a value that is not there"),
    "stop_at_once": (b"\x80\x02.", "takes a value that is not there"),
    "below_a_mark": (b"\x80\x02N(0000.", "takes a value that is not there"),
    "no_mark": (b"\x80\x02Nt.", "takes a mark that is not there"),
    "left_over": (b"\x80\x02NN.", "ends with values left over"),
    "mark_left_over": (b"\x80\x02(N.", "takes a value that is not there"),
    "memo_missing": (b"\x80\x02h\x05.", "takes the kept value 5"),
    "memo_index_2_to_32": (b"\x80\x02]r\xff\xff\xff\xff.", "keeps value 4294967295"),
    "memo_of_nothing": (b"\x80\x02q\x00.", "fills a memo with a value that is not there"),
    "append_to_number": (b"\x80\x02K\x01Na.", "fills a list that is not there"),
    "set_in_list": (b"\x80\x02]NNs.", "fills a dict that is not there"),
    "odd_items": (b"\x80\x02}(Nu.", "a key without a value"),
    "key_is_list": (b"\x80\x02}]Ns.", "neither a text nor a number"),
    "text_4_gib": (b"\x80\x02X\xff\xff\xff\xffab.", "cut off"),
    "text_2_to_63": (b"\x80\x04\x8d" + struct.pack("<Q", 2**63) + b"ab.", "cut off"),
    "text_not_utf8": (b"\x80\x02X\x02\x00\x00\x00\xff\xfe.", "not UTF-8"),
    "integer_4_gib": (b"\x80\x02\x8b\xff\xff\xff\xff.", "has 4294967295 bytes"),
    "integer_255_bytes": (b"\x80\x02\x8a\xff" + b"\x01" * 255 + b".", "has 255 bytes"),
    "recursive_list": (b"\x80\x02]q\x00h\x00a.", "no dict of tensors"),
    "no_stop": (b"\x80\x02N", "cut off"),
    "not_a_dict": (b"\x80\x02K\x01.", "no dict of tensors"),
    "missing_storage": (state(tensor(storage(key="7"))), None),
    "path_key": (state(tensor(storage(key="../../../../etc/passwd"))), None),
    "absolute_key": (state(tensor(storage(key="/etc/passwd"))), None),
}


def make_malicious():
    cases = [
        {"name": name, "pickle": base64.b64encode(pickle).decode(), "says": says} for name, (pickle, says) in CASES.items()
    ]
    with open(path("malicious.json"), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    make_sound()
    make_documented()
    make_refused()
    make_malicious()
