using System.Globalization;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Tests.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

public sealed class NameTests
{
    private const string Mark = "System.ComponentModel.Description(\"marked\")";
    private const string Everything = """
        #include <linux/ioctl.h>
        enum kind { KIND_A, KIND_B };
        enum place_bits { PLACE_BIT_LOW, PLACE_BIT_HIGH, PLACE_BIT_COUNT };
        struct part { unsigned low : 3; int high : 5; };
        struct whole { struct { int x; } inner; int list[4]; struct part *next; enum kind kind; } __attribute__((aligned(64)));
        struct tail { unsigned count; int items[]; };
        struct packed_bits { unsigned char first; unsigned long long wide : 61; } __attribute__((packed));
        struct small { int list[3]; };
        #define TEXT "text"
        #define NUMBER 1
        #define EMPTY _IO('e', 1)
        #define READ_WHOLE _IOR('e', 2, struct whole)
        #define WRITE_TAIL _IOW('e', 3, struct tail)
        #define BOTH_INT _IOWR('e', 4, int)

        """;

    [Fact]
    public void A_nested_type_hides_no_type_that_other_members_have()
    {
        Bindings bindings = Bindings.Of("names-hidden.h", use: """
            holder holder = default;
            holder.pair.only = 1;
            holder.both.second = 2;
            holder.deep.pair.half = 3;
            holder.next = &holder.both;
            return $"{sizeof(holder)} {holder.next->second}";
            """);

        Assert.Equal("48 2", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void What_cannot_keep_its_name_gets_an_underscore_and_says_so()
    {
        Bindings bindings = Bindings.Of("names-collisions.h", use: """
            both both = default;
            both.a.tagged = 1;
            both.b.named = 2;
            properties properties = default;
            properties.on = 1;
            properties.get_on_ = 3;
            return $"{sizeof(twin_)} {sizeof(twin)} {(int)state.value___} {properties.get_on_} {Constants.Constants_} {Constants.COST_}";
            """);

        Assert.Equal("1 8 0 3 5 4", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Theory]
    [InlineData("struct {0} {{ int x; }};")]
    [InlineData("typedef struct {{ int x; }} {0};")]
    [InlineData("enum {0} {{ {0}_ONE }};")]
    [InlineData("enum enum_{0} {{ {0} }};")]
    [InlineData("enum {{ {0} }};")]
    [InlineData("struct s_{0} {{ int {0}; unsigned bits : 3; int list[2]; int rest[]; }};")]
    [InlineData("struct s_{0} {{ unsigned char first; unsigned long long wide : 61; unsigned {0} : 3; }} __attribute__((packed));")]
    [InlineData("struct s_{0} {{ struct {{ int {0}; }} {0}; struct whole whole; }};")]
    [InlineData("struct s_{0} {{ int n; struct {{ int {0}; }} {0}[]; }};")]
    public void Every_word_of_generated_code_may_be_a_name_of_the_headers(string declaration)
    {
        // Whatever the emitter writes that no header declared, in every place where a header may have a name.
        string[] words = WordsOf(Emit(Everything));
        Assert.Contains("FieldOffset", words);
        string header = Everything
            + string.Join('\n', words.Select(word => string.Format(CultureInfo.InvariantCulture, declaration, word)));

        byte[] image = CSharpCompiler.Compile(Emit(header), null);

        Assert.NotEmpty(image);
    }

    [Theory]
    [InlineData("#define {0} 1")]
    [InlineData("#define {0} \"text\"")]
    [InlineData("#define {0} _IOR('w', {1}, struct tail)")]
    public void Every_word_of_generated_code_may_be_a_macro(string declaration)
    {
        // Not those that C itself needs: keywords, and the names of the types that are in use.
        string[] words = [.. WordsOf(Emit(Everything)).Where(word => word is not ("record" or "x"))];
        string header = Everything + string.Join(
            '\n', words.Select((word, index) => string.Format(CultureInfo.InvariantCulture, declaration, word, (index % 200) + 10)));

        byte[] image = CSharpCompiler.Compile(Emit(header), null);

        Assert.NotEmpty(image);
    }

    [Fact]
    public void Each_change_of_a_name_is_reported_with_its_reason()
    {
        IReadOnlyList<NameChange> changes = Set(
            "struct System { int x; };\nstruct plain { int plain; int get_b; unsigned b : 1; };\n"
                + "struct get_c { unsigned c : 1; unsigned d : 2; };\n").Renamed;

        Assert.Equal(
            [
                "struct System -> System_: generated code uses that name",
                "struct plain.get_b -> get_b_: C# keeps that name for an accessor of b",
                "struct plain.plain -> plain_: the record itself is called so, and C# keeps that name for constructors",
                "struct get_c.c -> c_: an accessor of it would be called as the record is",
            ],
            changes.Select(change => $"{change.CName} -> {change.CSharpName}: {change.Reason}"));
        Assert.Equal("test.h:1:8", changes[0].Location.ToString());
    }

    [Theory]
    [InlineData("struct get_x { int get_get_x; unsigned x : 3; int get_x; int set_x; };")]
    [InlineData("struct get_x { int get_x; int set_x; int get_x_; unsigned x : 3; };")]
    [InlineData("struct set_y { unsigned y : 3; unsigned y_ : 3; int get_y_; unsigned set_y : 2; };")]
    [InlineData("struct s { unsigned ToString : 1; int get_ToString_; };")]
    public void A_renamed_bit_field_keeps_room_for_its_accessors(string header) =>
        Assert.NotEmpty(CSharpCompiler.Compile(Emit(header + "\n"), null));

    [Fact]
    public void A_keyword_is_escaped_and_that_is_no_other_name() =>
        Assert.Empty(Set("struct event { int class; int field; };\nstruct record { int record_; };\n#define string 1\n").Renamed);

    [Fact]
    public void Prefixes_go_and_the_documentation_keeps_the_kernel_s_name()
    {
        Bindings bindings = Bindings.Of("names-own.h", use: """
            point_v1 point = default;
            point.kind = kind.ROUND;
            Session session = new() { owner = 3, Token = point };
            int errno = FdIoctls.GET(new Fd(-1), ref session).Errno;
            return $"{(int)session.Token.kind} {Constants.LIMIT} {Constants._3D} {Constants.GET} {sizeof(Session)} {errno}";
            """, emit: options => options with { Names = Names });

        Assert.Equal("1 7 1 3222040322 12 9", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Theory]
    [InlineData("struct own_a { int x; };\nstruct a { int x; };\n",
        "struct own_a cannot be called \"a\" in Fixture when \"stripPrefixes\" has taken the prefixes away: struct a is called so")]
    [InlineData("#define own_A 1\n#define A 2\n", "own_A cannot be called \"A\"")]
    [InlineData("enum e { own_A, A };\n", "own_A cannot be called \"A\"")]
    public void Two_names_that_prefixes_told_apart_are_refused(string header, string expected)
    {
        EmitException fault = Assert.Throws<EmitException>(() => CSharpEmitter.EmitSet(
            Parse(header),
            new EmitOptions(Bindings.Namespace, "test") { Names = Names with { Renames = new Dictionary<string, NewName>() } }));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.True(fault.IsNameConflict);
    }

    [Theory]
    [InlineData("struct a", "b", "struct c cannot be called \"b\": struct a is called so")]
    [InlineData("struct a", "Constants", "struct a cannot be called \"Constants\": it is the class of constants")]
    [InlineData("struct a.x", "ToString", "struct a.x cannot be called \"ToString\": every C# type has a method of that name")]
    [InlineData("LIMIT", "Equals", "LIMIT cannot be called \"Equals\"")]
    public void A_name_that_is_taken_is_refused_where_the_configuration_gives_it(string name, string text, string expected)
    {
        NameRules rules = new()
        {
            Renames = new Dictionary<string, NewName>
            {
                [name] = new(text, "hvbindgen.json:3:9"),
                ["struct c"] = new("b", "hvbindgen.json:4:9"),
            },
        };

        EmitException fault = Assert.Throws<EmitException>(() => CSharpEmitter.EmitSet(
            Parse("struct a { int x; };\nstruct c { int y; };\n#define LIMIT 1\n"),
            new EmitOptions(Bindings.Namespace, "test") { Names = rules }));

        Assert.StartsWith("hvbindgen.json:", fault.Message, StringComparison.Ordinal);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_name_that_cannot_be_is_refused_in_one_run()
    {
        NameRules rules = new()
        {
            Renames = new Dictionary<string, NewName>
            {
                ["struct a.x"] = new("ToString", "hvbindgen.json:3:9"),
                ["struct c.y"] = new("GetHashCode", "hvbindgen.json:4:9"),
                ["ONE"] = new("TWO", "hvbindgen.json:5:9"),
            },
        };

        EmitException fault = Assert.Throws<EmitException>(() => CSharpEmitter.EmitSet(
            Parse("struct a { int x; };\nstruct c { int y; };\nenum e { TWO, ONE };\n"),
            new EmitOptions(Bindings.Namespace, "test") { Names = rules }));

        Assert.True(fault.IsNameConflict);
        Assert.Equal(
            ["hvbindgen.json:3:9", "hvbindgen.json:4:9", "hvbindgen.json:5:9"],
            fault.Message.Split('\n').Select(line => line.Split(": ")[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Attributes_stand_on_what_they_are_given_to()
    {
        Bindings bindings = Bindings.Of("names-own.h", emit: options => options with
        {
            Attributes = new Dictionary<string, IReadOnlyList<string>>
            {
                ["struct own_session"] = [Mark, "System.Diagnostics.DebuggerDisplay(\"owner {owner}\")"],
                ["struct own_session.token"] = ["System.Obsolete(\"Use owner.\")"],
                ["own_point_v1.kind"] = [Mark],
                ["enum own_kind"] = [Mark],
                ["OWN_ROUND"] = [Mark],
                ["OWN_LIMIT"] = [Mark],
                ["OWN_GET"] = ["System.Obsolete"],
            },
        });

        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void A_set_may_be_one_file_and_says_the_same()
    {
        string[] targets = ["x86_64", "i686"];
        string use = "return sizeof(own_session) + X64.Constants.OWN_LONG;";
        Bindings one = Bindings.Of("names-own.h", use, targets: targets, emit: options => options with { IsOneFile = true });
        Bindings many = Bindings.Of("names-own.h", use, targets: targets);

        Assert.Equal(many.Result, one.Result);
        Assert.Equal(many.Facts, one.Facts);
        Verifier.Verify(one.Declarations, "cs");
    }

    private static NameRules Names => new()
    {
        StripPrefixes = ["own_", "OWN_"],
        Renames = new Dictionary<string, NewName>
        {
            ["struct own_session"] = new("Session", "here"),
            ["struct own_session.token"] = new("Token", "here"),
        },
    };

    private static EmittedSet Set(string header) => CSharpEmitter.EmitSet(Parse(header), new EmitOptions(Bindings.Namespace, "test"));

    private static IReadOnlyList<EmittedFile> Emit(string header) =>
        CSharpEmitter.Emit(Parse(header), new EmitOptions(Bindings.Namespace, "test"));

    private static MergedModel Parse(string header) => MergedModel.Merge([FixtureHeaders.ParseText(header).Model]);

    private static string[] WordsOf(IReadOnlyList<EmittedFile> files)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        HashSet<string> words = new(StringComparer.Ordinal);
        foreach (EmittedFile file in files)
        {
            SyntaxNode root = CSharpSyntaxTree.ParseText(file.Text, cancellationToken: cancellation).GetRoot(cancellation);
            words.UnionWith(root.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.Text));
        }

        return
        [
            .. words.Where(word => !word.StartsWith('@') && !CWords.Contains(word)
                && !Everything.Contains(word, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        ];
    }

    private static readonly HashSet<string> CWords = ["inline", "signed", "register"];
}
