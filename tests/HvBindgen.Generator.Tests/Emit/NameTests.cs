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
            "struct System { int x; };\nstruct plain { int plain; int get_b; unsigned b : 1; };\n").Renamed;

        Assert.Equal(
            [
                "struct System -> System_: generated code uses that name",
                "struct plain.get_b -> get_b_: C# keeps that name for an accessor of b",
                "struct plain.plain -> plain_: the record itself is called so, and C# keeps that name for constructors",
            ],
            changes.Select(change => $"{change.CName} -> {change.CSharpName}: {change.Reason}"));
        Assert.Equal("test.h:1:8", changes[0].Location.ToString());
    }

    [Fact]
    public void A_keyword_is_escaped_and_that_is_no_other_name() =>
        Assert.Empty(Set("struct event { int class; int field; };\nstruct record { int record_; };\n#define string 1\n").Renamed);

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
