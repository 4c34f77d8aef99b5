extern alias uapi;
using System.Collections.Concurrent;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Snapshots;
using HvBindgen.UapiData;
using Xunit;
using Availability = uapi::HvBindgen.Uapi.Output.Availability;
using BuiltInCatalog = uapi::HvBindgen.Uapi.BuiltInCatalog;
using NameLine = uapi::HvBindgen.Uapi.Names.NameLine;
using NamePattern = uapi::HvBindgen.Uapi.Names.NamePattern;
using SelectedModels = uapi::HvBindgen.Uapi.Selection.SelectedModels;
using Selection = uapi::HvBindgen.Uapi.Selection.NameSelection;
using Settings = uapi::HvBindgen.Uapi.Project.UapiSettings;

namespace HvBindgen.Uapi.Tests;

/// <summary>The tool parses a header and the generator decodes it; what they write is the same.</summary>
public sealed class SameTextTests(ITestOutputHelper output)
{
    private const int NoLimit = 1_000_000;

    // Two texts of a thousand headers are a minute: all of them in a sweep.
    private static readonly int EveryNth = Requirement.IsSweep ? Requirement.SweepShare : 16;

    private static readonly string Folder = Path.GetDirectoryName(Repository.DownloadedHeaders())!;

    private static readonly IReadOnlyList<BindingSet> Sets =
        BindingConfiguration.Read(Path.Combine(Folder, BindingConfiguration.FileName)).Sets;

    [Theory]
    [InlineData("x86_64")]
    [InlineData("arm64")]
    [InlineData("riscv64")]
    [InlineData("ppc64le")]
    [InlineData("s390x")]
    [InlineData("armv7")]
    public void Tool_and_generator_write_the_same_text_for_a_header(string target)
    {
        LibClangLocator.Load();
        TargetInfo machine = TargetInfo.Find(target)!;
        // What a set has for its own is compared with the set.
        HeaderTree tree = HeaderTree.Fetched(Folder, [.. Sets.SelectMany(set => set.Own)]);
        string[] headers = [.. tree.RootsOf(machine).Where((_, index) => index % EveryNth == 0)];
        ConcurrentBag<string> differences = [];
        int compared = 0;
        Parallel.ForEach(headers, header =>
        {
            if (tree.TryRead(header, machine, out _) is { } alone)
            {
                AbiModel model = WithWhatItNames(tree, header, machine, alone);
                int files = Compare(header, header, machine, model, differences, isOfSeveral: !ReferenceEquals(model, alone));
                Interlocked.Add(ref compared, files);
            }
        });

        output.WriteLine($"{compared} files of {headers.Length} headers");
        Assert.True(differences.IsEmpty, $"{differences.Count}:\n{string.Join('\n', differences.Order(StringComparer.Ordinal).Take(40))}");
        Assert.True(compared > 1_500 / EveryNth, $"only {compared} files");
    }

    [Theory]
    [InlineData("x86_64")]
    [InlineData("arm64")]
    public void Tool_and_generator_write_the_same_text_for_a_configured_set(string target)
    {
        LibClangLocator.Load();
        TargetInfo machine = TargetInfo.Find(target)!;
        ConcurrentBag<string> differences = [];
        foreach (BindingSet set in Sets)
        {
            AbiModel model = AllowList.Apply(set, HeaderParser.Parse(set.ToParseRequest(machine))).Model;
            string[] own =
            [
                .. model.Declarations.Select(declaration => declaration.Location.Header).Distinct()
                    .Where(header => set.Own.Any(own => NamePattern.Matches(own, header))),
            ];

            int compared = Compare(set.Name, string.Join('\n', own), machine, model, differences);
            output.WriteLine($"{set.Name}: {compared} files of {own.Length} headers");
            Assert.True(compared >= own.Length, $"only {compared} files of {own.Length} headers");
        }

        Assert.True(differences.IsEmpty, $"{differences.Count}:\n{string.Join('\n', differences.Order(StringComparer.Ordinal).Take(40))}");
    }

    [Theory]
    [InlineData("linux/posix_acl_xattr.h", "linux.posix_acl_xattr")]
    [InlineData("linux/posix_acl_xattr.h:ACL_UNDEFINED_ID", "linux.posix_acl_xattr")]
    [InlineData("linux/posix_acl.h:ACL_UNDEFINED_ID", "linux.posix_acl")]
    [InlineData("ACL_UNDEFINED_ID", "linux.posix_acl")]
    public void What_two_headers_declare_alike_is_in_the_files_of_the_one_that_is_asked(string line, string file)
    {
        Project project = Project.With(line);

        Assert.Empty(project.Said);
        Assert.Contains("ACL_UNDEFINED_ID = -1;", project.Sources[$"{file}.Constants.g.cs"], StringComparison.Ordinal);
        Assert.Equal(2, project.Text.Split("ACL_UNDEFINED_ID = ").Length);
    }

    // A header may have a pointer to what it does not define. The generator knows the definition; the tool does when it is included too.
    private static AbiModel WithWhatItNames(HeaderTree tree, string header, TargetInfo machine, AbiModel alone)
    {
        Settings settings = new("Uapi", true, "Constants", [machine.Name], false, NoLimit, []);
        Selection selection = Selection.Of(
            BuiltInCatalog.Value, settings, [new NameLine(header, false, false, default)], TestContext.Current.CancellationToken);
        string[] records = [.. SelectedModels.Of(BuiltInCatalog.Value, selection, TestContext.Current.CancellationToken)
            .Models.Single().Records.Select(record => record.Name).Except(alone.Records.Select(record => record.Name))];
        string[] needed =
        [
            .. records.SelectMany(BuiltInCatalog.Value.Find).Where(entry => (entry.Targets & selection.Targets) != 0)
                .Select(entry => BuiltInCatalog.Value.Read(entry).Declaration)
                .Where(declaration => declaration.GetType().Name == nameof(AbiRecord))
                .Select(declaration => declaration.Location.Header).Distinct().Where(other => other != header),
        ];
        return needed.Length == 0 ? alone
            : tree.TryRead(needed, header, machine, out string fault) ?? throw new InvalidOperationException(fault);
    }

    private static int Compare(
        string name, string lines, TargetInfo machine, AbiModel read, ConcurrentBag<string> differences, bool isOfSeveral = false)
    {
        Project project = Project.With(
            lines, ("UapiTargets", machine.Name), ("UapiVisibility", "public"), ("UapiPatternLimit", $"{NoLimit}"));
        Dictionary<string, string> sources = project.Sources;

        // What the tool has after reading a header's snapshot, in which declarations stand by their names.
        AbiModel model = SnapshotReader.Read(SnapshotWriter.Write(read), name);

        int target = BuiltInCatalog.Value.Targets.ToList().FindIndex(known => known.Name == machine.Name);
        IReadOnlyList<EmittedFile> files = CSharpEmitter.EmitSet(
            MergedModel.Merge([model]),
            new EmitOptions("Uapi", "0.1.0")
            {
                IoctlUses = new(new Dictionary<string, IoctlUse>(), MisdeclaredRequests.ByName),
                AvailabilityOf = new Availability(BuiltInCatalog.Value, 1 << target).Describe,
                Surroundings = new() { HasLayoutChecks = false },
            }).Files;

        int compared = 0;
        foreach (EmittedFile file in files.Where(
            file => !file.Path.StartsWith("Support/", StringComparison.Ordinal) && (!isOfSeveral || file.Header == name)))
        {
            compared++;
            string hint = file.Path.Replace('/', '.');
            string text = file.Text;
            if (!sources.TryGetValue(hint, out string? other))
            {
                differences.Add($"{name}: {hint} is not among the generator's");
            }
            else if (text != other)
            {
                (string tool, string generator) = text.Split('\n').Zip(other.Split('\n')).FirstOrDefault(pair => pair.First != pair.Second);
                differences.Add($"{name}: {hint}: the tool has \"{tool}\", the generator \"{generator}\"");
            }
        }

        return compared;
    }
}
