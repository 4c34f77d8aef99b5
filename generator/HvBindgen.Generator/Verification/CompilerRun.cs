using System.ComponentModel;
using System.Text;
using HvBindgen.Generator.Processes;

namespace HvBindgen.Generator.Verification;

/// <summary>Runs a compiler on a source that it reads from standard input, and keeps the object and its words.</summary>
internal static class CompilerRun
{
    /// <summary>Name that compilers give to the source in their messages.</summary>
    internal const string SourceName = "<stdin>";

    // gcc would place errors of macros in the macro's own line; the line that uses it is what tells the questions apart.
    private static readonly string[] GccArguments =
        ["-ftrack-macro-expansion=0", "-fno-diagnostics-show-caret", "-fdiagnostics-color=never", "-fmessage-length=0", "-fmax-errors=0"];

    // Messages in English, and no headers that the environment adds.
    private static readonly Dictionary<string, string?> Environment =
        new() { ["LC_ALL"] = "C", ["CPATH"] = null, ["C_INCLUDE_PATH"] = null };

    private static readonly string[] ClangArguments = ["-fno-caret-diagnostics", "-fno-color-diagnostics", "-ferror-limit=0"];

    /// <summary>Compiles a C source to an object.</summary>
    internal static async Task<CompilationResult> CompileAsync(
        Compiler compiler, IReadOnlyList<string> arguments, string source, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("hvbindgen-verify-").FullName;
        try
        {
            string file = Path.Combine(folder, "answers.o");
            string[] all =
            [
                .. compiler.BaseArguments, .. compiler.IsClang ? ClangArguments : GccArguments,
                "-xc", "-std=gnu11", "-fno-lto", "-fno-common", "-O0", "-g0", "-w", .. arguments, "-c", "-o", file, "-",
            ];
            CompilerOutput output = await RunAsync(compiler.Path, all, source, cancellation).ConfigureAwait(false);
            byte[]? bytes = output.ExitCode == 0 && File.Exists(file)
                ? await File.ReadAllBytesAsync(file, cancellation).ConfigureAwait(false)
                : null;
            return new CompilationResult(bytes, output.Text);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The folder of the headers that C promises without a library, the compiler's own; none where it lacks them.</summary>
    internal static string[] HeadersOf(Compiler compiler)
    {
        string folder = Run(compiler.Path, [.. compiler.BaseArguments, "-print-file-name=include"], "").Text.Trim();
        return File.Exists(Path.Combine(folder, "stddef.h")) ? [folder] : [];
    }

    internal static CompilerOutput Run(string program, IReadOnlyList<string> arguments, string input) =>
        RunAsync(program, arguments, input, CancellationToken.None).GetAwaiter().GetResult();

    private static async Task<CompilerOutput> RunAsync(
        string program, IReadOnlyList<string> arguments, string input, CancellationToken cancellation)
    {
        ChildProcess process = new(program, arguments) { Environment = Environment, Input = Encoding.UTF8.GetBytes(input) };
        try
        {
            ProcessEnd end = await process.RunAsync(cancellation).ConfigureAwait(false);
            return new CompilerOutput(end.ExitCode, end.Text + end.Errors);
        }
        catch (Win32Exception fault)
        {
            throw new VerificationException($"{program} cannot be run: {fault.Message}", fault);
        }
    }
}

/// <summary>What a compiler wrote to its outputs, and how it ended.</summary>
internal readonly record struct CompilerOutput(int ExitCode, string Text);

/// <summary>A compilation: the object, or null and the reasons in the compiler's words.</summary>
internal readonly record struct CompilationResult(byte[]? Object, string Messages);
