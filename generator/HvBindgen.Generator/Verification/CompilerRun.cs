using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using HvBindgen.Generator.Processes;

namespace HvBindgen.Generator.Verification;

/// <summary>Runs a compiler on a source that it reads from standard input, and keeps the object and its words.</summary>
internal static partial class CompilerRun
{
    /// <summary>Name that compilers give to the source in their messages.</summary>
    internal const string SourceName = "<stdin>";

    // Far above any set of headers: seven thousand facts are one and a half megabytes.
    internal const long MaxFileBytes = 64 << 20;

    // What the kernel gives for a file that has reached its limit, 128 and the number of SIGXFSZ.
    private const int TooLargeExitCode = 153;

    // gcc would place errors of macros in the macro's own line; the line that uses it is what tells the questions apart.
    private static readonly string[] GccArguments =
        ["-ftrack-macro-expansion=0", "-fno-diagnostics-show-caret", "-fdiagnostics-color=never", "-fmessage-length=0", "-fmax-errors=0"];

    // Messages in English, and no headers that the environment adds.
    private static readonly Dictionary<string, string?> Environment =
        new() { ["LC_ALL"] = "C", ["CPATH"] = null, ["C_INCLUDE_PATH"] = null };

    private static readonly string[] ClangArguments = ["-fno-caret-diagnostics", "-fno-color-diagnostics", "-ferror-limit=0"];

    /// <summary>Compiles a C source to an object.</summary>
    /// <exception cref="VerificationException">
    /// The compiler cannot be run, or the headers would make the assembler read files, or write larger ones than any that is needed.
    /// </exception>
    internal static async Task<CompilationResult> CompileAsync(
        Compiler compiler, IReadOnlyList<string> arguments, string source, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("hvbindgen-verify-").FullName;
        try
        {
            string assembly = Path.Combine(folder, "answers.s");
            string file = Path.Combine(folder, "answers.o");
            string[] all =
            [
                .. compiler.BaseArguments, .. compiler.IsClang ? ClangArguments : GccArguments,
                "-xc", "-std=gnu11", "-fno-lto", "-fno-common", "-O0", "-g0", "-w", .. arguments, "-S", "-o", assembly, "-",
            ];
            CompilerOutput output = await RunAsync(compiler.Path, all, source, cancellation).ConfigureAwait(false);
            if (output.ExitCode != 0 || !File.Exists(assembly))
            {
                return new CompilationResult(null, output.Text);
            }

            if (await FindDirectiveAsync(assembly, cancellation).ConfigureAwait(false) is { } directive)
            {
                throw new VerificationException(
                    $"what {compiler.Path} makes of the headers has the assembler's directive {directive}, which could read any file: "
                        + "it is not assembled");
            }

            output = await RunAsync(
                compiler.Path, [.. compiler.BaseArguments, "-xassembler", "-c", "-o", file, assembly], "", cancellation)
                .ConfigureAwait(false);
            return new CompilationResult(
                output.ExitCode == 0 && File.Exists(file)
                    ? await File.ReadAllBytesAsync(file, cancellation).ConfigureAwait(false)
                    : null,
                output.Text);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Headers have asm, and its text goes to the assembler as it is, as names of symbols and sections do: ".include" has a file's words
    // told as faults. Without a macro, no directive is made of parts.
    private static async Task<string?> FindDirectiveAsync(string assembly, CancellationToken cancellation)
    {
        using StreamReader reader = new(assembly);
        while (await reader.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            if (Directive().Match(Text().Replace(line, "\"\"")) is { Success: true } match)
            {
                return match.Value;
            }
        }

        return null;
    }

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Text();

    [GeneratedRegex(@"\.(?:include|incbin|macro|irpc?|rept|rep|altmacro)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Directive();

    // In words of the C locale: a program that the driver started was ended by the signal, or had the error number.
    [GeneratedRegex("File size limit exceeded|File too large")]
    private static partial Regex TooLarge();

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
        ChildProcess process = new(program, arguments)
        {
            Environment = Environment,
            Input = Encoding.UTF8.GetBytes(input),
            MaxFileBytes = MaxFileBytes,
        };
        try
        {
            ProcessEnd end = await process.RunAsync(cancellation).ConfigureAwait(false);
            CompilerOutput output = new(end.ExitCode, end.Text + end.Errors);
            if (end.ExitCode == TooLargeExitCode || (end.ExitCode != 0 && TooLarge().IsMatch(output.Text)))
            {
                throw new VerificationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"what {program} makes of the headers is larger than {MaxFileBytes >> 20} MB: it is not kept"));
            }

            return output;
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
