using HvBindgen.Cli.Printing;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Headers;
using HvBindgen.Generator.Inspect;
using HvBindgen.Generator.Output;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Snapshots;
using HvBindgen.Generator.Verification;

namespace HvBindgen.Cli.Running;

/// <summary>The one place that turns an exception into a message and an exit code.</summary>
internal static class Failures
{
    private const string LeaveOut =
        "Leave the declaration out with \"block\" of its set, or its members with \"opaque\". Nothing was written.";

    /// <summary>Prints what happened; a stack trace only for faults of this program.</summary>
    internal static ExitCode Report(Exception fault, Terminal terminal)
    {
        if (fault is AggregateException { InnerExceptions: { Count: > 0 } all })
        {
            // Several targets of one set often fail alike: all are told, the first decides.
            ExitCode first = Report(all[0], terminal);
            foreach (Exception other in all.Skip(1))
            {
                Report(other, terminal);
            }

            return first;
        }

        if (Describe(fault) is not var (code, remedy))
        {
            terminal.Error.WriteLine("internal error, please report it:");
            terminal.Error.WriteLine(fault);
            return ExitCode.InternalError;
        }

        terminal.Fail(fault.Message, remedy);
        return code;
    }

    private static (ExitCode Code, string? Remedy)? Describe(Exception fault) => fault switch
    {
        ConfigurationException known => (ExitCode.BadConfiguration, known.Remedy),
        LibClangNotFoundException => (ExitCode.LibClangMissing, null),
        HeadersMissingException known => (ExitCode.HeadersMissing, known.Remedy),
        HeaderParseException known when known.IsMissingHeader =>
            (ExitCode.HeadersMissing, "Add the folder that holds the header to \"includePaths\" of its set, or install the package "
                + "that has it."),
        HeaderParseException { IsUnsupported: true } => (ExitCode.CannotEmit, LeaveOut),
        HeaderParseException { IsConflict: true } =>
            (ExitCode.NameConflict, "Headers of one set must not contradict each other: make two sets of them. Nothing was written."),
        HeaderParseException =>
            (ExitCode.HeadersDoNotParse, "Correct the header, or what \"defines\" and \"includePaths\" of its set say. Nothing was "
                + "written."),
        EmitException { IsNameConflict: true } =>
            (ExitCode.NameConflict, "Give one of them another name with \"renames\" or \"constantsClass\" of the set's \"csharp\", or "
                + "leave the declaration out with \"block\" of the set. Nothing was written."),
        EmitException { IsTooLarge: true } =>
            (ExitCode.CannotEmit, "Leave the declaration out with \"block\" of its set. Nothing was written."),
        EmitException => (ExitCode.CannotEmit, LeaveOut),
        OutputException known => (known.IsDiskFull ? ExitCode.DiskFull : ExitCode.CannotWrite, known.Remedy),
        SnapshotException =>
            (ExitCode.SnapshotUnreadable, "Write it again with: hvbindgen snapshot; a later schema needs a later hvbindgen."),
        HeaderSyncException known => (ExitCode.SyncFailed, known.Remedy),
        InspectException known => (known.IsInput ? ExitCode.InputUnreadable : ExitCode.BadConfiguration, known.Remedy),
        NoCompilerException known => (ExitCode.CompilerUnusable, known.Remedy),
        VerificationException => (ExitCode.CompilerUnusable, null),
        UnfinishedWorkException => (ExitCode.LimitExceeded, GuardedRun.Remedy),
        OperationCanceledException => (ExitCode.Cancelled, "Nothing was changed."),

        // Writing is guarded where it happens; what is left is headers that are there and cannot be read.
        IOException or UnauthorizedAccessException => (ExitCode.HeadersMissing, "Make the file readable."),
        _ => null,
    };
}
