using System.Diagnostics;
using HvBindgen.Generator.Diff;

namespace HvBindgen.Cli;

/// <summary>Reads files as they were at a revision, from the repository around the current folder.</summary>
internal static class GitFiles
{
    /// <summary>Names of the files of a folder at a revision.</summary>
    /// <param name="revision">Anything that git takes for a commit.</param>
    /// <param name="folder">The folder, complete or relative to the current one.</param>
    /// <exception cref="DiffException">git is missing, this is no repository, or the revision is unknown.</exception>
    public static IReadOnlyList<string> List(string revision, string folder)
    {
        // A revision that begins with a dash would be an option.
        Run("rev-parse", "--verify", "--quiet", "--end-of-options", $"{revision}^{{commit}}");
        byte[] names = Run("ls-tree", "--name-only", revision, Inside(folder) + "/");
        return System.Text.Encoding.UTF8.GetString(names).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Content of a file at a revision.</summary>
    public static byte[] Read(string revision, string file) => Run("show", $"{revision}:./{file}");

    // git goes by paths relative to where it runs.
    private static string Inside(string folder) => Path.GetRelativePath(Directory.GetCurrentDirectory(), Path.GetFullPath(folder)).TrimEnd('/');

    private static byte[] Run(params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            using MemoryStream output = new();
            process.StandardOutput.BaseStream.CopyTo(output);
            process.WaitForExit();
            string fault = errors.GetAwaiter().GetResult().Trim();
            return process.ExitCode == 0
                ? output.ToArray()
                : throw new DiffException($"git {string.Join(' ', arguments)} failed{(fault.Length > 0 ? $": {fault}" : ": is the revision known here?")}");
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            throw new DiffException("git cannot be started: install it, or compare files instead of revisions", fault);
        }
    }
}
