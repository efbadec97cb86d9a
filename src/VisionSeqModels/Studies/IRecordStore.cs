namespace VisionSeqModels.Studies;

/// <summary>Where a study's record is kept.</summary>
internal interface IRecordStore
{
    /// <summary>The record that is there, or null.</summary>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    StudyFile? Find();

    /// <summary>Writes a record, which was made from the one that <see cref="Find"/> gave last.</summary>
    /// <returns>False where another process has written one since.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    bool TryWrite(StudyFile file);
}

/// <summary>study.json in the study's folder, which is this process's own.</summary>
internal sealed class FolderRecordStore(string folder) : IRecordStore
{
    public StudyFile? Find() => StudyFile.Find(folder);

    public bool TryWrite(StudyFile file)
    {
        file.Write(folder);
        return true;
    }
}
