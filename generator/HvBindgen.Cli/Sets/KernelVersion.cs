using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using HvBindgen.Generator.Files;

namespace HvBindgen.Cli.Sets;

/// <summary>Which kernel a folder of headers belongs to, as its <c>linux/version.h</c> says.</summary>
internal static partial class KernelVersion
{
    private const int MaxBytes = 4096;

    /// <summary>The version in words; empty where the folder does not tell.</summary>
    internal static IReadOnlyList<string> Of(string folder)
    {
        string file = Path.Combine(folder, "linux", "version.h");
        if (new FileInfo(file) is not { Exists: true, LinkTarget: null })
        {
            return [];
        }

        Match match;
        try
        {
            match = VersionCode().Match(Encoding.UTF8.GetString(FileContent.Read(file, MaxBytes)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // No version where a pipe stands, or what cannot be read; the headers themselves are another matter.
            return [];
        }

        if (!match.Success || !int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out int code))
        {
            return [];
        }

        // linux/version.h, KERNEL_VERSION: version, patch level and sublevel in a byte each, the first in what is left.
        return [$"Linux {code >> 16}.{(code >> 8) & 0xFF}.{code & 0xFF}"];
    }

    [GeneratedRegex(@"#define\s+LINUX_VERSION_CODE\s+([0-9]+)")]
    private static partial Regex VersionCode();
}
