using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>The host processor, asked through a small C program that gcc compiles for this run.</summary>
internal sealed class OracleProcess : IDisposable
{
    /// <summary>Most cases the program takes at a time.</summary>
    public const int MaxBatch = 4096;

    private static readonly string Source = Repository.PathOf("tests/HvBindgen.Emulation.Tests/X64/oracle/instruction-oracle.c");

    private readonly Process process;
    private readonly TemporaryFolder folder;

    private OracleProcess(Process process, TemporaryFolder folder)
    {
        this.process = process;
        this.folder = folder;
    }

    /// <summary>Compiles and starts the program.</summary>
    public static OracleProcess Start()
    {
        TemporaryFolder folder = new();
        string program = folder["instruction-oracle"];

        // The signal handler runs with the case's FS and vector registers: no stack protector, no vector code. The program is compiled
        // from the working copy, which may be newer or older than this test: their records must agree.
        Ending compiled = ChildProgram.Run(
            "gcc", "-O1", "-Wall", "-Wextra", "-Werror", "-fno-stack-protector", "-mgeneral-regs-only",
            $"-DCASE_BYTES={Unsafe.SizeOf<OracleCase>()}", $"-DRESULT_BYTES={Unsafe.SizeOf<OracleResult>()}",
            "-mfsgsbase", "-o", program, Source);
        Assert.True(compiled.ExitCode == 0, compiled.Error);
        return new OracleProcess(new ChildProgram(program).Start(), folder);
    }

    /// <summary>Has the processor execute cases, in order.</summary>
    public void Run(ReadOnlySpan<OracleCase> cases, Span<OracleResult> results)
    {
        Stream input = process.StandardInput.BaseStream;
        int count = cases.Length;

        try
        {
            input.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(ref count)));
            input.Write(MemoryMarshal.AsBytes(cases));
            input.Flush();
            process.StandardOutput.BaseStream.ReadExactly(MemoryMarshal.AsBytes(results[..count]));
        }
        catch (IOException error)
        {
            process.WaitForExit();
            throw new InvalidOperationException($"the oracle ended with exit code {process.ExitCode}", error);
        }
    }

    public void Dispose()
    {
        process.StandardInput.Close();

        if (!process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            process.Kill();
        }

        process.Dispose();
        folder.Dispose();
    }
}
