using HvBindgen.Uapi.Names;
using HvBindgen.Uapi.Output;
using HvBindgen.Uapi.Project;

namespace HvBindgen.Uapi;

/// <summary>Emits names of all kinds once in a process, beside the first build and for nobody.</summary>
/// <remarks>
/// A compiler server serves one build after another. .NET compiles the generator as it is called, and what the first build's names did not
/// call would be compiled while the next build waits. Here nobody waits for it, and a process that ends takes it along.
/// </remarks>
internal static class Rehearsal
{
    // Bit-fields, unions, arrays and nested records, an array without a length, a named enum and part of one without a name; requests
    // with a record, a number, nothing, a length, a count and an index; numbers that are the same on all machines and not.
    private static readonly string[] Names =
    [
        "struct iphdr", "struct cec_msg", "struct inotify_event", "enum v4l2_buf_type", "IFLA_MTU", "TIOCGWINSZ", "WDIOC_SETTIMEOUT",
        "UI_DEV_DESTROY", "HIDIOCGRAWNAME", "SPI_IOC_MESSAGE", "EVIOCGMASK", "EVIOCSABS", "BTN_RIGHT", "O_DIRECTORY", "SYS_mmap",
        "SYS_getrandom",
    ];

    private static int Begun;

    /// <summary>Begins it on another thread, the first time.</summary>
    internal static void Begin()
    {
        if (Interlocked.Exchange(ref Begun, 1) == 0)
        {
            ThreadPool.QueueUserWorkItem(static _ =>
            {
                try
                {
                    // Twice, since the next build's files are compared with those of this one.
                    _ = Emit().Equals(Emit());
                }
                catch (Exception)
                {
                    // A build that asks for the same is told; this one did not.
                }
            });
        }
    }

    /// <summary>What is thrown away.</summary>
    internal static UapiOutput Emit() => UapiOutput.Of(
        BuiltInCatalog.Value,
        [.. Names.Select(name => new NameLine(name, false, false, default))],
        new UapiSettings("Uapi", false, "Constants", ["x86_64", "arm64"], false, Names.Length, []),
        new ProjectAbilities(AllowsUnsafe: true, HasCSharp12: true, HasInlineArrays: true),
        CancellationToken.None);
}
