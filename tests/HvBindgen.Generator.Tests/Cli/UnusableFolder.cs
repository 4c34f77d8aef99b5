namespace HvBindgen.Generator.Tests.Cli;

/// <summary>
/// A folder that files cannot be written to as long as it lives. Root may write everywhere, so it gets a file system of its own.
/// </summary>
internal sealed class UnusableFolder : IDisposable
{
    private readonly string[] undo;

    private UnusableFolder(params string[] undo) => this.undo = undo;

    /// <summary>Takes the right to write away.</summary>
    internal static UnusableFolder ReadOnly(string folder)
    {
        if (Run("mount", "-t", "tmpfs", "-o", "ro", "tmpfs", folder))
        {
            return new UnusableFolder("umount", "-l", folder);
        }

        Run("chmod", "500", folder);
        return new UnusableFolder("chmod", "700", folder);
    }

    /// <summary>Leaves a few pages of room; null where this user may not mount.</summary>
    internal static UnusableFolder? Full(string folder, int sizeBytes)
    {
        Directory.CreateDirectory(folder);
        return Run("mount", "-t", "tmpfs", "-o", $"size={sizeBytes}", "tmpfs", folder) ? new UnusableFolder("umount", "-l", folder) : null;
    }

    public void Dispose() => Run(undo);

    private static bool Run(params string[] command) => ChildProgram.Run(command[0], command[1..]).ExitCode == 0;
}
