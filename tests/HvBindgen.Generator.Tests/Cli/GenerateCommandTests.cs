using System.Text.RegularExpressions;
using HvBindgen.Cli.Printing;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Verification;
using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

public sealed class GenerateCommandTests
{
    [Fact]
    public void What_does_not_compile_is_named_and_not_written()
    {
        using TemporaryFolder folder = CommandLine.Workplace();
        string plain = folder.Text("hvbindgen.json");
        string broken = plain.Replace(
            "\"output\": \"out\"",
            "\"output\": \"out\", \"attributes\": { \"struct demo_point.x\": [\"System.Obsolete(1, 2, 3)\"] }",
            StringComparison.Ordinal);
        const string Fault = "demo.h: demo_point.x does not compile as C#: CS";

        // A new set, a check, and who asks for it: compiled. Later runs are not, which would take several times as long.
        folder.With("hvbindgen.json", broken);
        Ending first = CommandLine.Run(folder, "generate");
        Assert.Equal((int)ExitCode.CannotEmit, first.ExitCode);
        Assert.Contains(Fault, first.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));

        folder.With("hvbindgen.json", plain);
        Assert.Equal((int)ExitCode.Ok, CommandLine.Run(folder, "generate").ExitCode);
        Assert.Equal((int)ExitCode.Ok, CommandLine.Run(folder, "generate", "--check").ExitCode);
        folder.With("hvbindgen.json", broken);
        Assert.All(
            (string[][])[["generate", "--check"], ["generate", "--compile"], ["verify", "--target", "x86_64"]],
            command => Assert.Contains(Fault, CommandLine.Run(folder, command).Error, StringComparison.Ordinal));
        Assert.DoesNotContain("Obsolete", folder.Text("out/demo/Records.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void Set_that_is_only_compared_needs_no_csharp_and_generate_says_what_it_lacks()
    {
        using TemporaryFolder folder = CommandLine.Workplace();
        string plain = folder.Text("hvbindgen.json");
        folder.With("hvbindgen.json", System.Text.RegularExpressions.Regex.Replace(plain, @",?\s*""csharp"": \{[^}]*\}", ""));

        Ending generated = CommandLine.Run(folder, "generate");
        Ending compared = CommandLine.Run(folder, "diff", folder["hvbindgen.json"], folder["hvbindgen.json"]);

        Assert.Equal((int)ExitCode.BadConfiguration, generated.ExitCode);
        Assert.Contains("nothing says what C# to make of ", generated.Error, StringComparison.Ordinal);
        Assert.Contains("\"csharp\"", generated.Error, StringComparison.Ordinal);
        Assert.True(compared.ExitCode == 0, compared.Error);
        Assert.Equal(0, CommandLine.Run(folder, "snapshot").ExitCode);
    }

    [Fact]
    public void Attributes_of_the_project_s_own_are_no_fault()
    {
        using TemporaryFolder folder = CommandLine.Workplace();
        folder.With("hvbindgen.json", folder.Text("hvbindgen.json").Replace(
            "\"output\": \"out\"",
            """
            "output": "out",
            "attributes": { "DEMO_LIMIT": ["Own.Kept(typeof(Own.Thing))", "System.ComponentModel.Browsable(false)"] }
            """,
            StringComparison.Ordinal));

        Ending result = CommandLine.Run(folder, "generate");

        Assert.True(result.ExitCode == (int)ExitCode.Ok, result.Error);
        Assert.Contains("[Own.Kept(typeof(Own.Thing))]", folder.Text("out/demo/Constants.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_that_becomes_one_file_leaves_no_other_behind()
    {
        const string Targets = "\"targets\": [\"x86_64\"]";
        using TemporaryFolder folder = CommandLine.Workplace(members: Targets);
        CommandLine.Run(folder, "generate");
        Assert.True(File.Exists(folder["out/demo/Records.g.cs"]));
        folder.With("hvbindgen.json", folder.Text("hvbindgen.json").Replace(
            "\"output\": \"out\"", "\"output\": \"out\", \"files\": \"set\"", StringComparison.Ordinal));

        Ending result = CommandLine.Run(folder, "generate");

        Assert.Equal((int)ExitCode.Ok, result.ExitCode);
        Assert.False(File.Exists(folder["out/demo/Records.g.cs"]));
        Assert.False(File.Exists(folder["out/Support/Origin.g.cs"]));
        Assert.Contains("public struct demo_point", folder.Text("out/Bindings.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_no_header_has_is_told_and_one_that_is_taken_refused_at_its_place()
    {
        using TemporaryFolder folder = CommandLine.Workplace();
        string text = folder.Text("hvbindgen.json");
        void Give(string csharp) => folder.With("hvbindgen.json", text.Replace(
            "\"output\": \"out\"", $"\"output\": \"out\",\n{csharp}", StringComparison.Ordinal));

        Give("""
            "renames": { "struct demo_pint": "Point", "struct demo_point.x": "Left", "enum demo_kind": "Kind" },
            "attributes": { "DEMO_LIMITS": ["System.Obsolete"], "struct demo_point.y": ["System.Obsolete"] }, "stripPrefixes": ["VFIO_"]
            """);
        Ending told = CommandLine.Run(folder, "generate");
        Give("\"renames\": { \"struct demo_point\": \"demo_kind\" }");
        Ending kept = CommandLine.Run(folder, "generate");
        Give("\"renames\": { \"struct demo_point\": \"Constants\" }");
        Ending refused = CommandLine.Run(folder, "generate");

        Assert.Contains("\"renames\" has struct demo_pint, which its headers do not declare", told.Error, StringComparison.Ordinal);
        Assert.Contains("\"attributes\" has DEMO_LIMITS, which its headers do not declare", told.Error, StringComparison.Ordinal);
        Assert.Contains("\"stripPrefixes\" has VFIO_, and no name begins with it", told.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("demo_point", told.Error, StringComparison.Ordinal);
        Assert.Equal((int)ExitCode.Ok, kept.ExitCode);
        Assert.Contains(
            "enum demo_kind is called demo_kind_ in C#: struct demo_point is called so", kept.Error, StringComparison.Ordinal);
        Assert.Equal((int)ExitCode.NameConflict, refused.ExitCode);
        Assert.Contains(
            "hvbindgen.json:5:35: struct demo_point cannot be called \"Constants\": it is the class of constants",
            refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_CSharp_cannot_have_is_told()
    {
        using TemporaryFolder folder = CommandLine.Workplace("struct twin { int a; };\ntypedef struct { long b; } twin;\n");

        Ending result = CommandLine.Run(folder, "generate");

        Assert.Equal((int)ExitCode.Ok, result.ExitCode);
        Assert.Contains("note: demo.h:1:8: struct twin is called twin_ in C#: twin is called so", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_CSharp_has_as_bytes_is_told_and_refused_all_at_once_where_that_is_asked_for()
    {
        using TemporaryFolder folder = CommandLine.Workplace(
            "struct a { _Complex double z; };\nstruct b { int (*f)(long double); int plain; };\n");

        Ending told = CommandLine.Run(folder, "generate");
        Ending refused = CommandLine.Run(folder, "generate", "--strict");

        Assert.Equal((int)ExitCode.Ok, told.ExitCode);
        Assert.Contains(
            "note: demo.h:1:8: struct a.z: Bytes, because C# has no type for '_Complex double'.", told.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("plain", told.Error, StringComparison.Ordinal);
        Assert.Equal((int)ExitCode.CannotEmit, refused.ExitCode);
        Assert.Contains("demo.h:1:8: error: struct a.z: ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("demo.h:2:8: error: struct b.f: ", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_writes_bindings_and_snapshots_and_check_agrees()
    {
        using TemporaryFolder folder = CommandLine.Workplace();

        Ending written = CommandLine.Run(folder, "generate");
        Ending check = CommandLine.Run(folder, "generate", "--check");

        Assert.Equal((int)ExitCode.Ok, written.ExitCode);
        Assert.Empty(written.Out);
        Assert.Contains("demo: x86_64, arm64", written.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["abi/demo.x86_64.json"]) && File.Exists(folder["abi/demo.arm64.json"]));
        Assert.NotEmpty(Directory.GetFiles(folder["out"], "*.g.cs", SearchOption.AllDirectories));
        Assert.Equal((int)ExitCode.Ok, check.ExitCode);
        Assert.Empty(check.Out);
    }

    [Fact]
    public void Check_shows_what_is_stale_and_writes_nothing()
    {
        using TemporaryFolder folder = CommandLine.Workplace();
        CommandLine.Run(folder, "generate");
        string before = folder.Text("abi/demo.arm64.json");
        folder.With("inc/demo.h", CommandLine.Header.Replace("4096", "8192", StringComparison.Ordinal));

        Ending check = CommandLine.Run(folder, "generate", "--check");

        Assert.Equal((int)ExitCode.Difference, check.ExitCode);
        Assert.Contains("demo.arm64.json", check.Out, StringComparison.Ordinal);
        Assert.Contains(
            "\n-    {\"name\":\"DEMO_LIMIT\",\"value\":\"4096\"",
            check.Out.Replace("\"value\":4096", "\"value\":\"4096\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("hvbindgen generate", check.Error, StringComparison.Ordinal);
        Assert.Equal(before, folder.Text("abi/demo.arm64.json"));
    }

    [Fact]
    public void Sets_that_share_their_support_code_write_it_once_and_are_made_together()
    {
        using TemporaryFolder folder = new();
        folder.With("inc/a.h", CommandLine.Header).With("inc/b.h", "struct other { int x; };\n").With("hvbindgen.json", """
            {
              "targets": ["x86_64"],
              "sets": [
                { "name": "a", "headers": ["a.h"], "includePaths": ["inc"], "csharp": { "namespace": "My", "output": "out" } },
                { "name": "b", "headers": ["b.h"], "includePaths": ["inc"],
                  "csharp": { "namespace": "My.B", "output": "out/b", "support": "My" } }
              ]
            }
            """);

        Ending second = CommandLine.Run(folder, "generate", "--set", "b");
        Ending check = CommandLine.Run(folder, "generate", "--check");

        Assert.Equal(((int)ExitCode.Ok, (int)ExitCode.Ok), (second.ExitCode, check.ExitCode));
        Assert.True(File.Exists(folder["out/Support/AssemblySupport.g.cs"]));
        Assert.Equal(
            ["LayoutTable.g.cs", "Origin.g.cs"], Directory.GetFiles(folder["out/b/Support"])
                .Select(path => Path.GetFileName(path)).Order());
    }

    [Fact]
    public void A_set_made_alone_leaves_the_files_of_another_in_a_folder_within_its_own()
    {
        using TemporaryFolder folder = new();
        folder.With("inc/a.h", CommandLine.Header).With("inc/b.h", "struct other { int x; };\n").With("hvbindgen.json", """
            {
              "targets": ["x86_64"],
              "sets": [
                { "name": "a", "headers": ["a.h"], "includePaths": ["inc"], "csharp": { "namespace": "My", "output": "out" } },
                { "name": "b", "headers": ["b.h"], "includePaths": ["inc"], "csharp": { "namespace": "Other", "output": "out/b" } }
              ]
            }
            """);
        CommandLine.Run(folder, "generate");

        Ending first = CommandLine.Run(folder, "generate", "--set", "a");

        Assert.Contains("0 removed", first.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["out/b/b/Records.g.cs"]));
    }

    [Theory]
    [InlineData("\"own\": [\"demo.h\", \"dmeo_*.h\"]", "\"own\" has dmeo_*.h")]
    [InlineData("\"alternateArguments\": { \"DEMO_GONE\": [\"int\"] }", "\"alternateArguments\" has DEMO_GONE")]
    [InlineData("\"own\": [\"demo.h\"]", null)]
    public void What_applies_to_nothing_is_said(string member, string? expected)
    {
        using TemporaryFolder folder = CommandLine.Workplace(members: member);

        Ending result = CommandLine.Run(folder, "generate");

        Assert.Equal((int)ExitCode.Ok, result.ExitCode);
        Assert.Equal(expected is not null, result.Error.Contains("note: set demo", StringComparison.Ordinal));
        Assert.Contains(expected ?? "", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_only_includes_others_is_said_to_give_nothing()
    {
        using TemporaryFolder folder = CommandLine.Workplace("#include <rest.h>\n").With("inc/rest.h", CommandLine.Header);

        Ending result = CommandLine.Run(folder, "generate");

        Assert.Contains("demo.h declares nothing that bindings could have", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_target_gives_its_snapshot_only_and_bindings_elsewhere_when_asked()
    {
        using TemporaryFolder folder = CommandLine.Workplace();

        Ending snapshot = CommandLine.Run(folder, "generate", "--target", "arm64");
        Ending bindings = CommandLine.Run(folder, "generate", "--target", "arm64", "--output", folder["other"]);

        Assert.Equal(((int)ExitCode.Ok, (int)ExitCode.Ok), (snapshot.ExitCode, bindings.ExitCode));
        Assert.Equal(["demo.arm64.json"], Directory.GetFiles(folder["abi"]).Select(path => Path.GetFileName(path)));
        Assert.False(Directory.Exists(folder["out"]));
        Assert.NotEmpty(Directory.GetFiles(folder["other"], "*.g.cs", SearchOption.AllDirectories));
    }

    [Fact]
    public void What_is_left_out_is_listed_with_its_place_and_reason()
    {
        using TemporaryFolder folder = CommandLine.Workplace();

        Ending result = CommandLine.Run(folder, "generate", "--target", "x86_64", "--omitted", "-");

        Assert.Contains("demo\tx86_64\tdemo.h:4:9\tmacro\tDEMO_TWICE\ta function-like macro", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_read_is_written_as_rules_of_make()
    {
        using TemporaryFolder folder = CommandLine.Workplace("#include \"more here.h\"\nstruct demo { int x; };\n");
        folder.With("inc/more here.h", "typedef int demo_int;\n");

        Ending result = CommandLine.Run(folder, "generate", "--depfile", folder["made.d"]);

        Assert.Equal((int)ExitCode.Ok, result.ExitCode);
        string target = folder["made"];
        Assert.Equal(
            [
                $"{target}: {folder["hvbindgen.json"]}", $"{target}: {folder["inc/demo.h"]}",
                $"{target}: {folder["inc/more here.h"].Replace(" ", "\\ ", StringComparison.Ordinal)}",
            ],
            File.ReadAllLines(folder["made.d"]));
    }

    [Fact]
    public void A_run_that_failed_leaves_the_rules_of_the_last_one()
    {
        using TemporaryFolder folder = CommandLine.Workplace("struct demo { no_such_type x; };\n");

        Ending result = CommandLine.Run(folder, "generate", "--depfile", folder["made.d"]);

        Assert.Equal((int)ExitCode.HeadersDoNotParse, result.ExitCode);
        Assert.False(File.Exists(folder["made.d"]));
    }

    [Fact]
    public void A_snapshot_can_be_made_for_targets_that_are_not_configured()
    {
        using TemporaryFolder folder = CommandLine.Workplace();

        Ending result = CommandLine.Run(folder, "snapshot", "--target", "s390x", "i686", "--output", folder["snap"]);

        Assert.Equal((int)ExitCode.Ok, result.ExitCode);
        Assert.Equal(
            ["demo.i686.json", "demo.s390x.json"], Directory.GetFiles(folder["snap"]).Select(path => Path.GetFileName(path)).Order());
    }

    [Fact]
    public void Verify_tells_how_many_facts_a_compiler_agrees_with()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "needs gcc");
        using TemporaryFolder folder = CommandLine.Workplace();

        Ending result = CommandLine.Run(folder, "verify", "--compiler", "gcc");
        Ending nobody = CommandLine.Run(folder, "verify", "--compiler", "tcc");

        Assert.Equal((int)ExitCode.Ok, result.ExitCode);
        Assert.Matches(@"gcc \(.*\): [1-9]\d* facts agree, 0 differ", result.Out);
        Assert.Matches(@"C# writes the same bits by [1-9]\d* accessors, others by 0", result.Out);
        Assert.Equal((int)ExitCode.CompilerUnusable, nobody.ExitCode);
        Assert.Contains("no tcc", nobody.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_asks_the_other_compilers_where_one_does_not_compile_the_headers()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "needs gcc");
        TargetInfo target = TargetInfo.Find("x86_64")!;
        Compiler? clang = CompilerFinder.Find(target).FirstOrDefault(compiler => compiler.IsClang);
        Assert.SkipWhen(clang is null, "needs clang beside libclang");
        using TemporaryFolder folder = CommandLine.Workplace(
            $"#ifndef __clang__\n#error \"this gcc is too old\"\n#endif\n{CommandLine.Header}", "\"targets\": [\"x86_64\"]");

        Ending text = CommandLine.Run(folder, "verify", "--compiler", "gcc", clang.Name);
        Ending json = CommandLine.Run(folder, "verify", "--json", "--compiler", "gcc", clang.Name);

        Assert.Equal((int)ExitCode.CompilerUnusable, text.ExitCode);
        Assert.Matches(@"clang\S* \(.*\): [1-9]\d* facts agree, 0 differ", text.Out);
        Assert.Contains("gcc does not compile demo.h", text.Error, StringComparison.Ordinal);
        Assert.Contains("this gcc is too old", text.Error, StringComparison.Ordinal);
        Assert.Equal((int)ExitCode.CompilerUnusable, json.ExitCode);
        Assert.Contains($"\"{clang.Name}\"", json.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Timings_say_what_each_stage_took_and_how_often_clang_parsed()
    {
        using TemporaryFolder folder = CommandLine.Workplace();

        Ending timed = CommandLine.Run(folder, "generate", "--timings");
        Ending plain = CommandLine.Run(folder, "generate");

        Assert.Equal((int)ExitCode.Ok, timed.ExitCode);
        foreach (string stage in (string[])
            ["configuration", "loading libclang", "clang: headers", "clang: asked again", "C# emitted", "C# compiled", "files written"])
        {
            Assert.Matches($@"(?m)^ *\d+\.\d +\d+\.\d  {Regex.Escape(stage)}", timed.Error);
        }

        Assert.Contains("(1 parse, ", timed.Error, StringComparison.Ordinal);
        Assert.Equal(timed.Out, plain.Out);
        Assert.DoesNotContain("clang: headers", plain.Error, StringComparison.Ordinal);
    }
}
