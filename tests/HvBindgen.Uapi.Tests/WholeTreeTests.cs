using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Snapshots;
using HvBindgen.UapiData;
using Microsoft.CodeAnalysis;
using Xunit;

namespace HvBindgen.Uapi.Tests;

/// <summary>Every name of every header.</summary>
public sealed class WholeTreeTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_header_at_once_compiles_without_a_warning()
    {
        Project project = Project.With("linux/*\nasm/*\nsound/*\n*/*", ("UapiPatternLimit", "1000000"), ("UapiLayoutChecks", "true"));

        Assert.DoesNotContain(project.Said, said => said.Severity > DiagnosticSeverity.Info);
        byte[] image = project.Compile();
        output.WriteLine(
            $"{project.Sources.Count} files, {project.Sources.Sum(source => source.Value.Length)} characters, {image.Length} bytes");
    }

    [Fact]
    public void Layouts_of_every_record_are_those_of_C()
    {
        string target = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
            == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "x86_64";
        Project project = Project.With("*/*", ("UapiPatternLimit", "1000000"), ("UapiLayoutChecks", "true"), ("UapiTargets", target),
            ("UapiVisibility", "public"));

        object?[] arguments = [0];
        object? mismatches = System.Reflection.Assembly.Load(project.Compile()).GetType("Uapi.AbiLayout", throwOnError: true)!
            .GetMethod("FindMismatches")!.Invoke(null, arguments);

        Assert.Empty((IReadOnlyList<string>)mismatches!);
        output.WriteLine($"{arguments[0]} facts");
        Assert.True((int)arguments[0]! > 40_000, $"only {arguments[0]} facts");
    }

    [Theory]
    [InlineData("linux/gpio.h")]
    [InlineData("linux/vfio.h")]
    [InlineData("linux/io_uring.h")]
    [InlineData("linux/input.h")]
    public void Tool_and_generator_write_the_same_text(string header)
    {
        Project project = Project.With(header, ("UapiTargets", "x86_64"), ("UapiVisibility", "public"));
        AbiModel model = ModelOf(header);

        IReadOnlyList<EmittedFile> files = CSharpEmitter.EmitSet(
            MergedModel.Merge([model]),
            new EmitOptions("Uapi", "0.1.0")
            {
                IoctlUses = new(new Dictionary<string, IoctlUse>(), MisdeclaredRequests.ByName),
                Surroundings = new() { HasLayoutChecks = false },
            }).Files;

        foreach (EmittedFile file in files.Where(file => !file.Path.StartsWith("Support/", StringComparison.Ordinal)))
        {
            Assert.Equal(file.Text, project.Sources[file.Path.Replace('/', '.')]);
        }
    }

    // What the tool has after reading a header's snapshot, in which declarations stand by their names.
    private static AbiModel ModelOf(string header)
    {
        LibClangLocator.Load();
        HeaderTree tree = new(Path.GetDirectoryName(Repository.DownloadedHeaders())!, []);
        AbiModel model = HeaderParser.Parse(tree.RequestFor(header, TargetInfo.Known[0])).Model;
        return SnapshotReader.Read(SnapshotWriter.Write(model), header);
    }
}
