/// <summary>Files that are whole or as they were.</summary>
internal static class TextFile
{
    public static void Write(string path, string text)
    {
        File.WriteAllText(path + ".tmp", text);
        File.Move(path + ".tmp", path, overwrite: true);
    }
}
