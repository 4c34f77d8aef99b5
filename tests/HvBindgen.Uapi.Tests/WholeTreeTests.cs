extern alias uapi;

using System.Collections.Concurrent;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Snapshots;
using HvBindgen.UapiData;
using Microsoft.CodeAnalysis;
using Xunit;
using Availability = uapi::HvBindgen.Uapi.Output.Availability;
using BuiltInCatalog = uapi::HvBindgen.Uapi.BuiltInCatalog;

namespace HvBindgen.Uapi.Tests;

/// <summary>Every name of every header.</summary>
public sealed class WholeTreeTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("net10.0", "linux/*\nasm/*\nsound/*\n*/*")]
    [InlineData("net8.0", "*/*")]
    [InlineData("net8.0", "*")]
    public void Everything_at_once_compiles_without_a_warning(string framework, string patterns)
    {
        Project project = Project.On(
            framework == "net8.0" ? Frameworks.Net8 : Frameworks.Running, patterns, ("UapiPatternLimit", "1000000"),
            ("UapiLayoutChecks", "true"));

        Assert.DoesNotContain(project.Said, said => said.Severity > DiagnosticSeverity.Info);
        byte[] image = project.Compile();
        output.WriteLine(
            $"{project.Sources.Count} files, {project.Sources.Sum(source => source.Value.Length)} characters, {image.Length} bytes");
    }

    // Two texts of a thousand headers are minutes.
    private const int EveryNth = 16;

    // ACL_UNDEFINED_ID is in it as in linux/posix_acl.h, whose file has it in a catalog: what headers share is there once.
    private const string HeaderWithTwin = "linux/posix_acl_xattr.h";

    // Records are as large here as there: both machines have the same primitive types, and what differs has offsets of its own.
    [Theory]
    [InlineData("x86_64")]
    [InlineData("arm64")]
    public void Layouts_of_every_record_are_those_of_C(string target)
    {
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
    [InlineData("x86_64")]
    [InlineData("arm64")]
    public void Tool_and_generator_write_the_same_text_for_a_header(string target)
    {
        LibClangLocator.Load();
        TargetInfo machine = TargetInfo.Find(target)!;
        HeaderTree tree = HeaderTree.Fetched(Path.GetDirectoryName(Repository.DownloadedHeaders())!, []);
        string[] headers = [.. tree.RootsOf(machine).Where((_, index) => index % EveryNth == 0).Where(header => header != HeaderWithTwin)];
        ConcurrentBag<string> differences = [];
        int compared = 0;
        Parallel.ForEach(headers, header =>
        {
            if (tree.TryRead(header, machine, out _) is { } model)
            {
                int files = Compare(header, machine, model, differences);
                Interlocked.Add(ref compared, files);
            }
        });

        output.WriteLine($"{compared} files of {headers.Length} headers");
        Assert.True(differences.IsEmpty, $"{differences.Count}:\n{string.Join('\n', differences.Order(StringComparer.Ordinal).Take(40))}");
        Assert.True(compared > 1_500 / EveryNth, $"only {compared} files");
    }

    private static int Compare(string header, TargetInfo machine, AbiModel read, ConcurrentBag<string> differences)
    {
        Project project = Project.With(
            header, ("UapiTargets", machine.Name), ("UapiVisibility", "public"), ("UapiPatternLimit", "1000000"));
        Dictionary<string, string> sources = project.Sources;

        // What the tool has after reading a header's snapshot, in which declarations stand by their names.
        AbiModel model = SnapshotReader.Read(SnapshotWriter.Write(read), header);

        IReadOnlyList<EmittedFile> files = CSharpEmitter.EmitSet(
            MergedModel.Merge([model]),
            new EmitOptions("Uapi", "0.1.0")
            {
                IoctlUses = new(new Dictionary<string, IoctlUse>(), MisdeclaredRequests.ByName),
                AvailabilityOf = new Availability(BuiltInCatalog.Value, 1 << Array.IndexOf(["x86_64", "arm64"], machine.Name)).Describe,
                Surroundings = new() { HasLayoutChecks = false },
            }).Files;

        int compared = 0;
        foreach (EmittedFile file in files.Where(file => !file.Path.StartsWith("Support/", StringComparison.Ordinal)))
        {
            compared++;
            string name = file.Path.Replace('/', '.');
            string text = file.Text;
            if (!sources.TryGetValue(name, out string? other))
            {
                differences.Add($"{header}: {name} is not among the generator's");
            }
            else if (text != other)
            {
                (string tool, string generator) = text.Split('\n').Zip(other.Split('\n')).FirstOrDefault(pair => pair.First != pair.Second);
                differences.Add($"{header}: {name}: the tool has \"{tool}\", the generator \"{generator}\"");
            }
        }

        return compared;
    }
}
