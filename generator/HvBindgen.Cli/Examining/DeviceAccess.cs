using System.Runtime.InteropServices;
using HvBindgen.Cli.Printing;

namespace HvBindgen.Cli.Examining;

/// <summary>Asks whether a device node is there and may be opened, without opening it.</summary>
internal static partial class DeviceAccess
{
    private const int ReadAndWrite = 4 | 2;

    /// <summary>What was found, and what helps when it cannot be used.</summary>
    /// <param name="path">Device node.</param>
    /// <param name="howToGet">What makes it appear.</param>
    internal static ReportRow Examine(string path, string howToGet)
    {
        if (!File.Exists(path))
        {
            return new ReportRow(RowState.Optional, path, $"no such device: {howToGet}");
        }

        return Access(path, ReadAndWrite) == 0
            ? new ReportRow(RowState.Found, path, "may be opened")
            : new ReportRow(
                RowState.Optional,
                path,
                "this user may not open it for reading and writing; join its group (ls -l shows it) or run as root");
    }

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
