using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Tests.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

public sealed class SupportTests
{
    [Fact]
    public void Two_sets_of_one_assembly_share_what_they_need()
    {
        EmitOptions first = new("Uapi.First", "test") { SupportNamespace = "Uapi" };
        EmitOptions second = new("Elsewhere.Second", "test") { SupportNamespace = "Uapi" };
        EmittedSet[] sets = [Emit("ioctl-kinds.h", first), Emit("ioctl-wrapper.h", second)];
        IReadOnlyList<EmittedFile> support = CSharpEmitter.EmitSupport(sets, first);

        byte[] image = CSharpCompiler.Compile([.. sets[0].Files, .. In("second", sets[1].Files), .. support], """
            public static unsafe class Consumer
            {
                public static void Use()
                {
                    Uapi.Fd fd = new(-1);
                    Uapi.IoctlResult run = Uapi.First.FdIoctls.DEMO_RUN(fd);
                    Elsewhere.Second.request request;
                    run = Elsewhere.Second.FdIoctls.WRAP_OPEN(fd, &request);
                    System.Collections.Generic.IReadOnlyList<string> none = Uapi.AbiLayout.FindMismatches(out int facts);
                }
            }
            """);

        Assert.NotEmpty(image);
        Assert.Equal(2, support.Single(file => file.Path == "Support/AbiLayout.g.cs").Text.Split("LayoutTable.Check").Length - 1);
    }

    [Fact]
    public void A_set_whose_callers_have_the_shared_types_emits_none_of_them()
    {
        EmitOptions options = new("Uapi", "test") { SharedNamespace = "HvBindgen.Abi" };
        EmittedSet set = Emit("ioctl-kinds.h", options);
        string[] support = [.. CSharpEmitter.EmitSupport([set], options).Select(file => file.Path)];

        Assert.DoesNotContain("Support/IoctlSupport.g.cs", support);
        Assert.Contains("Support/LayoutSupport.g.cs", support);
        Assert.All(
            set.Files.Where(file => file.Path != OriginEmitter.Path), file =>
                Assert.Contains("\nusing HvBindgen.Abi;\n", file.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Arrays_that_the_shared_types_have_are_not_emitted_again()
    {
        EmitOptions options = new("Uapi", "test") { SharedNamespace = "HvBindgen.Abi" };
        string[] Arrays(EmitOptions with) => [.. CSharpEmitter.EmitSupport([Emit("array-lengths.h", with)], with)
            .Select(file => file.Path).Where(path => path.StartsWith("Support/Array", StringComparison.Ordinal))];

        string[] all = Arrays(new EmitOptions("Uapi", "test"));
        string[] own = Arrays(options);

        Assert.Contains("Support/Array4.g.cs", all);
        Assert.DoesNotContain("Support/Array4.g.cs", own);
        Assert.Contains("Support/Array5000.g.cs", own);
    }

    // What two libraries make each for itself would be one name twice where a program uses both.
    [Fact]
    public void Arrays_that_the_shared_types_lack_begin_as_the_classes_of_the_set()
    {
        EmitOptions options = new("Uapi", "test") { SharedNamespace = "HvBindgen.Abi", ClassPrefix = "Mine" };
        EmittedSet set = Emit("array-lengths.h", options);
        EmittedSet other = Emit("array-lengths.h", options with { Namespace = "Uapi.Other", ClassPrefix = "Other" });

        string[] support = [.. CSharpEmitter.EmitSupport([set, other], options).Select(file => file.Path)];

        Assert.Contains(set.Files, file => file.Text.Contains(" MineArray5000<", StringComparison.Ordinal));
        Assert.Contains(set.Files, file => file.Text.Contains(" Array4<", StringComparison.Ordinal));
        Assert.Contains("Support/MineArray5000.g.cs", support);
        Assert.Contains("Support/OtherArray5000.g.cs", support);
        Assert.DoesNotContain(support, path => path.StartsWith("Support/Array", StringComparison.Ordinal));
    }

    [Fact]
    public void Classes_that_are_made_for_a_set_begin_as_it_asks()
    {
        EmitOptions options = new("Uapi", "test") { ClassPrefix = "Mine" };

        byte[] image = CSharpCompiler.Compile(CSharpEmitter.Emit(Model("ioctl-kinds.h"), options), """
            public static class Consumer
            {
                public static object Use() =>
                    (Uapi.MineAbiLayout.FindMismatches(out int facts), Uapi.MineFdIoctls.DEMO_RUN(new Uapi.Fd(-1)));
            }
            """);

        Assert.NotEmpty(image);
    }

    [Theory]
    [InlineData("ioctl-kinds.h")]
    [InlineData("bitfield-holes.h")]
    [InlineData("record-over-aligned.h")]
    public void An_internal_set_shows_no_type(string header)
    {
        byte[] image = CSharpCompiler.Compile(
            CSharpEmitter.Emit(Model(header), new EmitOptions("Uapi", "test") { IsInternal = true }), null);

        Assert.DoesNotContain(System.Reflection.Assembly.Load(image).GetTypes(), type => type.IsPublic);
    }

    [Theory]
    [InlineData("ioctl-kinds.h")]
    [InlineData("bitfield-packed.h")]
    public void Code_for_an_assembly_of_somebody_else_needs_no_generator_and_changes_nothing_there(string header)
    {
        EmitOptions options = new("Uapi", "test")
        {
            Surroundings = EmitSurroundings.OfSourceGenerator(TestContext.Current.CancellationToken),
        };

        IReadOnlyList<EmittedFile> files = CSharpEmitter.Emit(Model(header), options);

        Assert.NotEmpty(CSharpCompiler.Compile(files, null));
        Assert.DoesNotContain(files, file => file.Text.Contains("LibraryImport", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.Text.Contains("DisableRuntimeMarshalling", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.Text.Contains("LayoutTable", StringComparison.Ordinal));
    }

    [Fact]
    public void Threads_make_no_difference_to_what_is_emitted()
    {
        EmitOptions options = new("Uapi", "test");
        EmitOptions alone = options with { Surroundings = new EmitSurroundings { IsParallel = false } };
        MergedModel model = Model("record-union.h");

        Assert.Equal(
            CSharpEmitter.Emit(model, options).Select(file => file.Text), CSharpEmitter.Emit(model, alone).Select(file => file.Text));
    }

    [Fact]
    public void An_emission_that_nobody_waits_for_any_more_ends()
    {
        EmitOptions options = new("Uapi", "test")
        {
            Surroundings = EmitSurroundings.OfSourceGenerator(new CancellationToken(canceled: true)),
        };

        Assert.Throws<OperationCanceledException>(() => CSharpEmitter.Emit(Model("record-plain.h"), options));
    }

    private static EmittedSet Emit(string header, EmitOptions options) => CSharpEmitter.EmitSet(Model(header), options);

    private static MergedModel Model(string header) =>
        MergedModel.Merge([FixtureHeaders.Parse(FixtureHeaders.Request(header, "x86_64")).Model]);

    private static IEnumerable<EmittedFile> In(string folder, IReadOnlyList<EmittedFile> files) =>
        files.Select(file => file with { Path = $"{folder}/{file.Path}" });
}
