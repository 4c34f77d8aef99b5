using Microsoft.CodeAnalysis;
using Xunit;

namespace HvBindgen.Uapi.Tests;

/// <summary>Every name of every header.</summary>
public sealed class WholeTreeTests(ITestOutputHelper output)
{
    private const string Why = "tens of thousands of types are compiled";

    [Theory]
    [InlineData("net10.0", "linux/*\nasm/*\nsound/*\n*/*")]
    [InlineData("net8.0", "*/*")]
    [InlineData("net8.0", "*")]
    public void Everything_at_once_compiles_without_a_warning(string framework, string patterns)
    {
        Requirement.WholeSweep(Why);
        Project project = Project.On(
            framework == "net8.0" ? Frameworks.Net8 : Frameworks.Running, patterns, ("UapiPatternLimit", "1000000"),
            ("UapiLayoutChecks", "true"));

        Assert.DoesNotContain(project.Said, said => said.Severity > DiagnosticSeverity.Info);
        byte[] image = project.Compile();
        output.WriteLine(
            $"{project.Sources.Count} files, {project.Sources.Sum(source => source.Value.Length)} characters, {image.Length} bytes");
    }

    [Fact]
    public void Everything_of_a_machine_of_32_bits_compiles_too()
    {
        Requirement.WholeSweep(Why);
        Project project = Project.With("*/*", ("UapiTargets", "armv7"), ("UapiPatternLimit", "1000000"));

        Assert.DoesNotContain(project.Said, said => said.Severity > DiagnosticSeverity.Info);
        project.Compile();
    }

    // Records are as large here as there: these machines have the same primitive types, and what differs has offsets of its own.
    [Theory]
    [InlineData("x86_64")]
    [InlineData("arm64")]
    [InlineData("riscv64")]
    [InlineData("ppc64le")]
    [InlineData("s390x")]
    public void Layouts_of_every_record_are_those_of_C(string target)
    {
        // One machine's are compiled in each run.
        if (target != "x86_64")
        {
            Requirement.WholeSweep(Why);
        }

        Project project = Project.With("*/*", ("UapiPatternLimit", "1000000"), ("UapiLayoutChecks", "true"), ("UapiTargets", target),
            ("UapiVisibility", "public"));

        object?[] arguments = [0];
        object? mismatches = System.Reflection.Assembly.Load(project.Compile()).GetType("Uapi.AbiLayout", throwOnError: true)!
            .GetMethod("FindMismatches")!.Invoke(null, arguments);

        Assert.Empty((IReadOnlyList<string>)mismatches!);
        output.WriteLine($"{arguments[0]} facts");
        Assert.True((int)arguments[0]! > 40_000, $"only {arguments[0]} facts");
    }
}
