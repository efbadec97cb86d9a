namespace VisionSeqModels.Tests.Faults;

/// <summary>The files and folders of a <see cref="SimulatedDisk"/>, by paths with <c>/</c> between their parts.</summary>
internal sealed class DiskTree
{
    /// <param name="image">What is there, all of it flushed.</param>
    public DiskTree(DiskImage image)
    {
        foreach (var (path, content) in image.Entries)
        {
            var (parent, name) = Place(path);
            parent.Entries[name] = content is null
                ? new FolderNode { WrittenAt = Now }
                : new FileNode(content) { WrittenAt = Now };
            parent.Flush();
        }
    }

    public FolderNode Root { get; } = new();

    /// <summary>It begins long ago, so that leftovers are old.</summary>
    public DateTime Now { get; set; } = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public DiskNode? Find(string path)
    {
        DiskNode? node = Root;
        foreach (string part in path.Length == 0 ? [] : path.Split('/'))
        {
            node = (node as FolderNode)?.Entries.GetValueOrDefault(part);
        }

        return node;
    }

    /// <summary>The file of a path; it is created where it is missing.</summary>
    public FileNode Touch(string path, bool isNew)
    {
        var (parent, name) = Place(path);
        if (parent.Entries.GetValueOrDefault(name) is not FileNode file)
        {
            file = new FileNode { WrittenAt = Now };
            Changed(parent).Entries[name] = file;
        }

        if (isNew)
        {
            file.SetLength(0);
            file.WrittenAt = Now;
        }

        return file;
    }

    public void AddFolder(string path)
    {
        var (parent, name) = Place(path);
        Changed(parent).Entries.TryAdd(name, new FolderNode { WrittenAt = Now });
    }

    public void Remove(string path)
    {
        var (parent, name) = Place(path);
        Changed(parent).Entries.Remove(name);
    }

    public void Move(string path, string target)
    {
        var (parent, name) = Place(path);
        var (targetParent, targetName) = Place(target);
        var node = parent.Entries[name];
        Changed(parent).Entries.Remove(name);
        node.Former.Add((parent, name));
        Changed(targetParent).Entries[targetName] = node;
    }

    private (FolderNode Parent, string Name) Place(string path)
    {
        int slash = path.LastIndexOf('/');
        return ((FolderNode)Find(path[..Math.Max(slash, 0)])!, path[(slash + 1)..]);
    }

    private FolderNode Changed(FolderNode folder)
    {
        folder.WrittenAt = Now;
        return folder;
    }
}
