namespace LinuxGuest;

/// <summary>A file that the guest is saved to. It is opened before the guest starts: a place where nothing can be written is told then, and
/// not when the guest has come to where it is to be saved.</summary>
internal sealed class SaveFile : IDisposable
{
    private readonly FileStream file;
    private readonly bool isNew;
    private bool isWritten;

    /// <summary>Opens it. What is in it stays until something is saved.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public SaveFile(string path)
    {
        Path = path;
        isNew = !File.Exists(path);

        // The guest may be one that goes on from this very file.
        file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
    }

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Saves a machine. It is paused, and stays so.</summary>
    /// <param name="machine">The machine.</param>
    public void Save(LinuxMachine machine)
    {
        isWritten = true;
        if (file.CanSeek)
        {
            file.SetLength(0);
        }

        machine.Save(file);
        file.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        file.Dispose();
        if (isNew && !isWritten)
        {
            File.Delete(Path);
        }
    }
}
