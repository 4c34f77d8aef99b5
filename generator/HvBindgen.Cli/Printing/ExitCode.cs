namespace HvBindgen.Cli.Printing;

/// <summary>How the program ends. Scripts rely on these numbers: they never change their meaning.</summary>
internal enum ExitCode
{
    /// <summary>Done, and nothing differs.</summary>
    Ok = 0,

    /// <summary>The question was answered, and the answer is a difference.</summary>
    Difference = 1,

    /// <summary>The command line or the configuration is wrong.</summary>
    BadConfiguration = 10,

    /// <summary>No usable libclang.</summary>
    LibClangMissing = 11,

    /// <summary>Headers are not there, or not those of the lock.</summary>
    HeadersMissing = 12,

    /// <summary>clang refuses the headers.</summary>
    HeadersDoNotParse = 13,

    /// <summary>A declaration cannot be expressed.</summary>
    CannotEmit = 14,

    /// <summary>Output cannot be written.</summary>
    CannotWrite = 15,

    /// <summary>A snapshot cannot be read.</summary>
    SnapshotUnreadable = 16,

    /// <summary>Headers cannot be fetched, or are not what the lock says.</summary>
    SyncFailed = 17,

    /// <summary>No C compiler can be asked.</summary>
    CompilerUnusable = 18,

    /// <summary>Bytes that were given cannot be read as what they should be.</summary>
    InputUnreadable = 19,

    /// <summary>Two declarations with one name differ.</summary>
    NameConflict = 20,

    /// <summary>The disk is full.</summary>
    DiskFull = 21,

    /// <summary>What was read needed more time or memory than allowed, or broke the parser.</summary>
    LimitExceeded = 22,

    /// <summary>A fault of this program.</summary>
    InternalError = 70,

    /// <summary>Stopped from outside, by Ctrl-C or a signal.</summary>
    Cancelled = 130,
}

/// <summary>What the exit codes mean, for <c>--help</c>.</summary>
internal static class ExitCodes
{
    /// <summary>One line per exit code.</summary>
    internal const string Help = """
        Exit codes:
          0   done; with --check, verify, status and doctor: nothing differs or is missing
          1   a difference: --check found stale output, a compiler disagrees, headers are not as locked,
              doctor found something missing that bindings need, decode found nothing that fits
          10  the command line or the configuration is wrong
          11  no usable libclang
          12  headers are missing or not those of the lock
          13  clang refuses the headers
          14  a declaration cannot be expressed in C#
          15  output cannot be written; nothing was changed
          16  a snapshot cannot be read
          17  headers cannot be fetched
          18  no C compiler, or it refuses the headers
          19  bytes given to decode are no message
          20  two declarations with one name differ
          21  the disk is full; nothing was changed
          22  the input needs more time or memory than allowed, or broke the parser
          70  internal error
          130 interrupted
        """;
}
