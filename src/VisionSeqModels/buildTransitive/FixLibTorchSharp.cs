// This file is shipped as source and compiled by MSBuild (RoslynCodeTaskFactory) when an application is built: see
// VisionSeqModels.targets beside it for when it runs, and docs/backends.md for why. It never changes the file it reads.
//
// libLibTorchSharp.so of TorchSharp 0.107.0 says that it needs version GLIBCXX_3.4.32 of libstdc++.so.6. Debian 12, Ubuntu 22.04
// and RHEL 9 do not have it, so their loaders refuse the file. Yet nothing in the file uses that version. The task writes a copy
// in which the requirement carries the flag VER_FLG_WEAK ("do not insist"), after it has checked that nothing uses it.
#nullable disable
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
#if !VISIONSEQMODELS_TESTS // the unit tests compile this file too, without MSBuild
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
#endif

namespace VisionSeqModels.Build;

#if !VISIONSEQMODELS_TESTS
/// <summary>The MSBuild task: writes the fixed copy, or a plain one where nothing is to be fixed.</summary>
public sealed class VisionSeqModelsFixLibTorchSharp : Task
{
    [Required]
    public string Source { get; set; }

    [Required]
    public string Destination { get; set; }

    public override bool Execute()
    {
        try
        {
            byte[] image = File.ReadAllBytes(Source);
            LibTorchSharpFixOutcome outcome = LibTorchSharpFix.Apply(image, out string explanation);
            FixedFile.Write(Destination, image);
            FixedFile.Write(Destination + FixedFile.HashEnding, FixedFile.HashOf(image));
            Report(outcome, explanation);
        }
        catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
        {
            const string text = "The fixed copy was not written to {0}: {1} (VisionSeqModelsFixLibTorchSharp=false omits it)";
            Log.LogError(null, "VSM0001", null, Source, 0, 0, 0, 0, text, Destination, e.Message);
        }

        return !Log.HasLoggedErrors;
    }

    private void Report(LibTorchSharpFixOutcome outcome, string explanation)
    {
        if (outcome == LibTorchSharpFixOutcome.Damaged) // only the user can help: the package is broken
        {
            const string advice = "This file is damaged ({0}): delete its package from the package cache and restore again.";
            Log.LogWarning(null, "VSM0002", null, Source, 0, 0, 0, 0, advice, explanation);
            return;
        }

        // A file that was refused may well run: on a newer system.
        bool refused = outcome == LibTorchSharpFixOutcome.Refused;
        MessageImportance importance = refused ? MessageImportance.High : MessageImportance.Normal;
        Log.LogMessage(importance, "VisionSeqModels: {0}: {1}.", Source, explanation);
    }
}
#endif

public static class FixedFile
{
    public const string HashEnding = ".sha256"; // of the file beside the copy, with which the targets compare the copy

    /// <summary>The SHA-256 sum of the bytes, as MSBuild's GetFileHash writes it, in ASCII.</summary>
    public static byte[] HashOf(byte[] bytes)
    {
        using var sha256 = System.Security.Cryptography.SHA256.Create();
        return Encoding.ASCII.GetBytes(BitConverter.ToString(sha256.ComputeHash(bytes)).Replace("-", "").ToLowerInvariant());
    }

    /// <summary>Writes a temporary file and renames it: another hard link to the old file keeps the old content.</summary>
    public static void Write(string path, byte[] bytes)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path));
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, Guid.NewGuid().ToString("n") + ".tmp");
        try
        {
            File.WriteAllBytes(temporary, bytes);
            File.Delete(path);
            File.Move(temporary, path);
        }
        catch (IOException) when (File.Exists(path) && File.ReadAllBytes(path).SequenceEqual(bytes))
        {
            // Another build of the same project was faster and wrote the same.
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}

public enum LibTorchSharpFixOutcome
{
    Fixed, // the flag was set
    NotNeeded, // the file does not ask for that version, or the flag is set already
    Refused, // a sound file, but not one that this code may change
    Damaged, // not a whole ELF shared library
}

/// <summary>Makes one version requirement of an ELF shared library weak.</summary>
public static class LibTorchSharpFix
{
    public const string LibraryName = "libstdc++.so.6";
    public const string VersionName = "GLIBCXX_3.4.32";
    private const uint VersionHash = 0x0297f842; // of VersionName, by the System V ABI
    private const byte WeakFlag = 2; // VER_FLG_WEAK of elf.h

    /// <summary>Sets the flag in <paramref name="image"/>, the bytes of the file; they change only if it returns Fixed.</summary>
    public static LibTorchSharpFixOutcome Apply(byte[] image, out string explanation)
    {
        try
        {
            var library = new ElfSharedLibrary(image);
            List<(int FlagsOffset, int Flags, int Index)> requirements = library.Requirements(LibraryName, VersionName);
            if (requirements.Count == 0)
            {
                explanation = $"it does not ask for {VersionName}";
                return LibTorchSharpFixOutcome.NotNeeded;
            }

            if (requirements.Count > 1)
            {
                throw new ElfException($"it asks for {VersionName} more than once", damaged: true);
            }

            var (flagsOffset, flags, index) = requirements[0];
            if (BitConverter.ToUInt32(image, flagsOffset - 4) != VersionHash) // vna_hash stands before vna_flags
            {
                throw new ElfException($"the entry of {VersionName} has a wrong hash", damaged: true);
            }

            if ((flags & WeakFlag) != 0)
            {
                explanation = $"its requirement of {VersionName} is weak already";
                return LibTorchSharpFixOutcome.NotNeeded;
            }

            if (library.RelocationsOfVersion(index) is int uses and > 0)
            {
                throw new ElfException($"it really needs {VersionName}: {uses} relocation(s) use symbols of it", damaged: false);
            }

            image[flagsOffset] |= WeakFlag; // little-endian: the low byte
            explanation = $"its requirement of {VersionName}, which nothing in it uses, was made weak";
            return LibTorchSharpFixOutcome.Fixed;
        }
        catch (ElfException e)
        {
            explanation = e.Message;
            return e.Damaged ? LibTorchSharpFixOutcome.Damaged : LibTorchSharpFixOutcome.Refused;
        }
    }
}

/// <summary>The file is not one that <see cref="ElfSharedLibrary"/> can read.</summary>
public sealed class ElfException(string message, bool damaged) : Exception(message)
{
    public bool Damaged { get; } = damaged;
}

/// <summary>Reads what the loader reads of a 64-bit little-endian shared library: the dynamic table and what it points to, by
/// address through the loadable segments (sections may be stripped). Every access is checked against segment and file.</summary>
public sealed class ElfSharedLibrary
{
    // Names and numbers are those of elf.h.
    // csharpier-ignore-start
    private const uint PT_LOAD = 1, PT_DYNAMIC = 2;
    private const ulong DT_STRTAB = 5, DT_STRSZ = 10, DT_RELA = 7, DT_RELASZ = 8, DT_RELAENT = 9, DT_REL = 17, DT_JMPREL = 23;
    private const ulong DT_PLTRELSZ = 2, DT_PLTREL = 20;
    private const ulong DT_VERSYM = 0x6ffffff0, DT_VERNEED = 0x6ffffffe, DT_VERNEEDNUM = 0x6fffffff;
    // csharpier-ignore-end
    private const ulong RelocationSize = 24;
    private const int MostProgramHeaders = 256;

    private readonly byte[] _image;
    private readonly List<(ulong Offset, ulong Address, ulong Size)> _segments = [];
    private readonly Dictionary<ulong, ulong> _dynamic = [];

    public ElfSharedLibrary(byte[] image)
    {
        _image = image;
        ReadHeader(out ulong headersOffset, out int headerCount);
        ReadSegments(headersOffset, headerCount);
    }

    /// <summary>The entries of .gnu.version_r in which this library asks for that version of that library: where the two bytes
    /// of vna_flags lie in the file, their value, and .gnu.version's number for symbols of this version (vna_other).</summary>
    public List<(int FlagsOffset, int Flags, int Index)> Requirements(string library, string version)
    {
        var found = new List<(int FlagsOffset, int Flags, int Index)>();
        if (!_dynamic.ContainsKey(DT_VERNEED))
        {
            return found;
        }

        ulong count = Dynamic(DT_VERNEEDNUM);
        ulong entry = Dynamic(DT_VERNEED);
        for (ulong i = 0; i < count; i++)
        {
            // vn_version, vn_cnt (16 bits each), vn_file, vn_aux, vn_next (32 bits each; the last two relative to this entry)
            if (UInt16At(entry) != 1)
            {
                throw Damaged("an entry of its list of required versions has an unknown format");
            }

            if (StringAt(UInt32At(entry + 4)) == library)
            {
                ReadVersions(entry + UInt32At(entry + 8), UInt16At(entry + 2), version, found);
            }

            entry += Next(entry, last: i + 1 == count);
        }

        return found;
    }

    /// <summary>How many relocations refer to symbols of the version with that index.</summary>
    public int RelocationsOfVersion(int index)
    {
        if (_dynamic.ContainsKey(DT_REL))
        {
            throw Refused("it has relocations of a kind that 64-bit libraries do not use");
        }

        return CountIn(DT_RELA, DT_RELASZ, DT_RELAENT, RelocationSize, index)
            + CountIn(DT_JMPREL, DT_PLTRELSZ, DT_PLTREL, DT_RELA, index);
    }

    private int CountIn(ulong tableTag, ulong sizeTag, ulong kindTag, ulong expectedKind, int index)
    {
        if (!_dynamic.ContainsKey(tableTag))
        {
            return 0;
        }

        ulong table = Dynamic(tableTag);
        ulong size = Dynamic(sizeTag);
        if (Dynamic(kindTag) != expectedKind || size % RelocationSize != 0)
        {
            throw Damaged("a relocation table has an unknown format");
        }

        FileOffset(table, size);
        ulong versions = Dynamic(DT_VERSYM);
        int uses = 0;
        for (ulong at = 0; at < size; at += RelocationSize)
        {
            ulong symbol = UInt64At(table + at + 8) >> 32; // r_info; 0 means that no symbol is involved
            uses += symbol != 0 && (UInt16At(versions + (2 * symbol)) & 0x7fff) == index ? 1 : 0;
        }

        return uses;
    }

    private void ReadHeader(out ulong headersOffset, out int headerCount)
    {
        if (_image.Length < 64 || _image[0] != 0x7f || _image[1] != 'E' || _image[2] != 'L' || _image[3] != 'F')
        {
            throw Damaged("it is not an ELF file");
        }

        if (_image[4] != 2 || _image[5] != 1)
        {
            throw Refused("it is not a 64-bit little-endian ELF file");
        }

        if (Number(16, 2) != 3 || Number(18, 2) is not (62 or 183)) // e_type, e_machine
        {
            throw Refused("it is not a shared library for x64 or arm64");
        }

        headersOffset = Number(32, 8);
        headerCount = (int)Number(56, 2);
        if (Number(54, 2) != 56 || headerCount > MostProgramHeaders || headersOffset > (ulong)_image.Length)
        {
            throw Damaged("its program headers have an unknown format");
        }
    }

    private void ReadSegments(ulong headersOffset, int headerCount)
    {
        (ulong Offset, ulong Address, ulong Size)? found = null;
        for (int i = 0; i < headerCount; i++)
        {
            ulong header = headersOffset + (ulong)(56 * i);
            ulong type = Number(header, 4);
            (ulong, ulong, ulong) segment = (Number(header + 8, 8), Number(header + 16, 8), Number(header + 32, 8));
            found = type == PT_DYNAMIC ? segment : found;
            if (type == PT_LOAD)
            {
                _segments.Add(segment);
            }
        }

        (_, ulong start, ulong size) = found ?? throw Damaged("it has no dynamic table");
        for (ulong at = 0; at + 16 <= size; at += 16)
        {
            ulong tag = UInt64At(start + at);
            if (tag == 0)
            {
                return;
            }

            _dynamic[tag] = UInt64At(start + at + 8);
        }

        throw Damaged("its dynamic table has no end");
    }

    private void ReadVersions(ulong entry, int count, string version, List<(int FlagsOffset, int Flags, int Index)> found)
    {
        for (int i = 0; i < count; i++)
        {
            // vna_hash (32 bits), vna_flags, vna_other (16 each), vna_name, vna_next (32 each; relative to this entry)
            if (StringAt(UInt32At(entry + 8)) == version)
            {
                found.Add(((int)FileOffset(entry + 4, 2), UInt16At(entry + 4), UInt16At(entry + 6)));
            }

            entry += Next(entry, last: i + 1 == count);
        }
    }

    /// <summary>The distance to the next entry: of both kinds, the fourth field of 32 bits.</summary>
    private uint Next(ulong entry, bool last)
    {
        uint next = UInt32At(entry + 12);
        return next != 0 || last ? next : throw Damaged("its list of required versions ends early");
    }

    private ulong Dynamic(ulong tag) =>
        _dynamic.TryGetValue(tag, out ulong value) ? value : throw Damaged($"its dynamic table lacks entry 0x{tag:x}");

    private string StringAt(uint index)
    {
        ulong size = Dynamic(DT_STRSZ);
        ulong start = FileOffset(Dynamic(DT_STRTAB), size) + index;
        for (ulong at = start; at < start - index + size; at++)
        {
            if (_image[at] == 0)
            {
                return Encoding.ASCII.GetString(_image, (int)start, (int)(at - start));
            }
        }

        throw Damaged("a name lies outside its string table");
    }

    private ushort UInt16At(ulong address) => (ushort)Number(FileOffset(address, 2), 2);

    private uint UInt32At(ulong address) => (uint)Number(FileOffset(address, 4), 4);

    private ulong UInt64At(ulong address) => Number(FileOffset(address, 8), 8);

    /// <summary>Where the bytes that the loader maps to <paramref name="address"/> lie in the file; all of them must.</summary>
    private ulong FileOffset(ulong address, ulong size)
    {
        foreach ((ulong Offset, ulong Address, ulong Size) segment in _segments)
        {
            ulong inside = address - segment.Address;
            if (address >= segment.Address && size <= segment.Size && inside <= segment.Size - size)
            {
                ulong offset = segment.Offset + inside;
                return offset >= inside && IsInFile(offset, size) ? offset : throw Damaged("a segment lies outside the file");
            }
        }

        throw Damaged($"address 0x{address:x} lies in no segment");
    }

    private bool IsInFile(ulong offset, ulong size) => offset <= (ulong)_image.Length && size <= (ulong)_image.Length - offset;

    private ulong Number(ulong offset, int size)
    {
        if (!IsInFile(offset, (ulong)size))
        {
            throw Damaged("it is truncated");
        }

        ulong value = 0;
        for (int i = size - 1; i >= 0; i--)
        {
            value = (value << 8) | _image[offset + (ulong)i];
        }

        return value;
    }

    private static ElfException Damaged(string message) => new(message, damaged: true);

    private static ElfException Refused(string message) => new(message, damaged: false);
}
