using System.Text;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Tests.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

/// <summary>Names that are longer than an assembly's can be.</summary>
public sealed class LongNameTests
{
    private static readonly string Long = new('n', 1001);

    [Theory]
    [InlineData("struct NAME { int a; };", "test.h:1:8")]
    [InlineData("struct s { int NAME; };", "test.h:1:8")]
    [InlineData("struct s { unsigned NAME:3; };", "test.h:1:8")]
    [InlineData("struct s { struct { int NAME; } inner; };", "test.h:1:8")]
    [InlineData("typedef struct { int a; } NAME;", "test.h:1:9")]
    [InlineData("enum NAME { A };", "test.h:1:6")]
    [InlineData("enum e { NAME };", "test.h:1:6")]
    [InlineData("enum { NAME };", "test.h:1:1")]
    [InlineData("#define NAME 1", "test.h:1:9")]
    [InlineData("#include <linux/ioctl.h>\n#define R(NAME) _IO(4, NAME)", "test.h:2:9")]
    public void A_name_that_no_assembly_holds_is_refused_at_its_place(string header, string place)
    {
        EmitException refused = Assert.Throws<EmitException>(() => Emit(header.Replace("NAME", Long, StringComparison.Ordinal)));

        Assert.Contains(place + ": ", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"{Long} is a name of 1001 bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_names_compile_in_every_place_and_in_each_other()
    {
        string name = new('n', 1000);

        Bindings.OfText(
            $$"""
            #include <linux/ioctl.h>
            struct {{name}} { struct { struct { int {{name}}; } {{name}}; } {{name}}; unsigned b:3; };
            struct s { unsigned {{name}}:3; unsigned b:29; };
            struct t { int n; int {{name}}[]; };
            enum {{name[1..]}} { {{name[2..]}} };
            enum { {{name[3..]}} };
            #define {{name[4..]}} 1
            #define {{name[5..]}}({{name}}) _IO(4, {{name}})

            """,
            "x86_64");
    }

    [Fact]
    public void What_compiles_and_makes_no_assembly_is_told_where_accessors_are_run()
    {
        EmitOptions options = new("Fixture", "");
        byte[] text = Encoding.UTF8.GetBytes($"namespace Fixture;\npublic struct {new string('n', 1024)} {"{ }"}\n");
        EmittedSet set = new([new EmittedFile("Odd.g.cs", text) { Header = "odd.h" }]);

        EmitException refused = Assert.Throws<EmitException>(
            () => CompileCheck.Write([set], CSharpEmitter.EmitSupport([set], options), options));

        Assert.StartsWith("odd.h: nnn", refused.Message, StringComparison.Ordinal);
        Assert.Contains(" does not compile as C#: CS7013: ", refused.Message, StringComparison.Ordinal);
    }

    private static void Emit(string header) => CSharpEmitter.Emit(
        MergedModel.Merge([FixtureHeaders.ParseText(header + "\n").Model]), new EmitOptions("Fixture", ""));
}
