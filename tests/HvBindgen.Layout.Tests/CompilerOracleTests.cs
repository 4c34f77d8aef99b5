using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Verification;
using Xunit;

namespace HvBindgen.Layout.Tests;

/// <summary>The oracle itself: it must notice a wrong fact of every kind, and say what it could not ask.</summary>
public sealed class CompilerOracleTests : IDisposable
{
    private const string Header = """
        typedef unsigned int word;
        enum colour { RED = 1, BLUE = -5 };
        struct inner { long long value; };
        union choice { word number; unsigned char bytes[4]; };
        struct sample {
            word first : 3;
            word second : 17;
            int third : 30;
            _Bool flag : 1;
            struct { short low; short : 4; short bit : 2; } nested[2];
            union { struct inner inner; const char *text; };
            int (*call)(const char *, int);
            struct { unsigned char tag : 5; word count; } tail[];
        } __attribute__((packed));
        #define first elsewhere.first
        #define LIMIT (1ULL << 40)
        #define RATIO 0.1
        #define GREETING "hello"
        #define NEGATIVE (-3)
        """;

    private readonly TemporaryFolder folder = new();

    public CompilerOracleTests() => HeaderSets.LoadLibClang();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task It_agrees_about_macros_of_enumerators_whose_enum_is_wider_than_an_int()
    {
        string header = await File.ReadAllTextAsync(
            Repository.PathOf("tests/HvBindgen.Generator.Tests/Fixtures/Headers/constant-enumerators.h"),
            TestContext.Current.CancellationToken);

        VerifyReport report = await VerifyAsync(Parse(header, "x86_64"), "gcc");

        Assert.Empty(report.Disagreements);
        Assert.InRange(report.Agreed + report.NotAsked.Count, 40, 60);

        // Newer compilers hold to C23 there, and are told so: what they say of other macros is an answer as ever.
        Assert.InRange(report.NotAsked.Count, 0, 8);
        Assert.All(report.NotAsked, fact => Assert.Contains("as C23", fact.Reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("x86_64", "gcc")]
    [InlineData("x86_64", "clang")]
    [InlineData("arm64", "gcc")]
    [InlineData("i686", "clang")]
    [InlineData("s390x", "clang")]
    public async Task It_agrees_with_a_right_model(string target, string family)
    {
        VerifyReport report = await VerifyAsync(Parse(Header, target), family);

        Assert.Empty(report.Disagreements);
        Assert.InRange(report.Agreed, 60, 80);
        Assert.Equal(
            [
                "struct sample.flag: sign", "struct sample: anonymous union at bit 120: alignment",
                "struct sample: anonymous union at bit 120: offset", "struct sample: anonymous union at bit 120: size",
            ],
            report.NotAsked.Select(fact => fact.Fact).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("gcc")]
    [InlineData("clang")]
    public async Task Accessors_of_the_C_sharp_write_the_bits_that_the_compiler_tells_and_others_are_seen(string family)
    {
        AbiModel model = Parse(Header, "x86_64");
        EmitOptions options = new("Fixture", "test");
        EmittedSet set = CSharpEmitter.EmitSet(MergedModel.Merge([model]), options);
        IReadOnlyList<AccessorImage> images = CompileCheck.Write([set], CSharpEmitter.EmitSupport([set], options), options)["Fixture"];
        VerifyReport report = await VerifyAsync(model, family);

        AccessorReport right = AccessorComparison.Of(model, images, report);

        Assert.Empty(right.Disagreements);
        Assert.Contains(images, image => image is { Record: "sample.nested", Member: "bit" });
        Assert.InRange(right.Agreed, 12, 20);

        AccessorImage moved = images.First(image => image is { Record: "sample", Member: "second" });
        byte[] bytes = moved.Bytes.ToArray();
        bytes[0] ^= 1;
        AccessorReport wrong = AccessorComparison.Of(model, [moved with { Bytes = bytes }], report);

        Assert.Equal(0, wrong.Agreed);
        Assert.Equal(
            new Disagreement("struct sample.second: bits that C# writes", "bits 3 to 19", "bits 0 to 0 and bits 3 to 19"),
            Assert.Single(wrong.Disagreements));
    }

    private const string WideHeader = """
        typedef __builtin_va_list argument_list;
        typedef float vector4 __attribute__((vector_size(16)));
        typedef float quad[4];
        struct wide { unsigned __int128 low : 65; __int128 high : 63; unsigned __int128 whole; _Complex float complex; vector4 vector; };
        struct calls {
            int (*old)();
            int (*sum)(const int values[3], char *const *names, int callback(int));
            int (*list)(const char *format, __builtin_va_list list);
            int (*listed)(const char *format, argument_list list);
            void (*cold)(int) __attribute__((noreturn));
            void (*counted)(_Atomic int *count, const _Atomic(long) *next, int *_Atomic *last);
            void (*matrix)(const float rows[4][4], const quad values, const quad *more, volatile int (*last)[2]);
        };
        typedef _Atomic(unsigned short) counter;
        typedef char vector32 __attribute__((vector_size(32)));
        struct inside { char first; vector32 vector; };
        union around { struct inside members[2]; struct { char c; struct inside one; } named; };
        typedef struct inside inside_too;
        enum whole { WHOLE, HALF }; enum below { BELOW = -1, ABOVE = 1 }; enum __attribute__((packed)) tiny { SMALL, SMALLER };
        struct whole_bits { enum whole a : 32; enum below b : 32; enum tiny c : 8; enum tiny d : 3; enum whole e : 2; enum below f : 2; };
        struct atomic { _Atomic int head; _Atomic(unsigned long) tail; counter count; counter counts[2][3]; };
        enum names { ONE = 1, TWO };
        #define ONE(x) ((x) + 1)
        #define TWO TWO
        #define INFINITE (1.0 / 0.0)
        #define NO_NUMBER (0.0 / 0.0)
        #define TINY 1e-4000L
        #define LARGE 1e4000L
        #define LINE __LINE__
        #define DAY __DATE__
        #define COMPILER (__GNUC__ * 100 + __GNUC_MINOR__)
        #define BIT ((unsigned __int128)1 << 100)
        #define ALL (~(unsigned __int128)0)
        #define NEGATIVE (-((__int128)1 << 90))
        """;

    [Theory]
    [InlineData("x86_64", "gcc")]
    [InlineData("x86_64", "clang")]
    [InlineData("arm64", "gcc")]
    [InlineData("riscv64", "clang")]
    public async Task It_gives_no_false_alarm_about_wide_and_odd_types_and_numbers(string target, string family)
    {
        VerifyReport report = await VerifyAsync(Parse(WideHeader, target), family);

        Assert.Empty(report.Disagreements);
        Assert.Empty(report.NotAsked);
    }

    [Theory]
    [InlineData("gcc")]
    [InlineData("clang")]
    public async Task What_only_the_parameters_of_a_function_declare_is_asked_of_nobody(string family)
    {
        AbiModel model = Parse(
            """
            struct user {
                void (*by_value)(struct later value);
                int (*by_pointer)(struct here { int a; } *value, enum there *kind);
                struct seen *(*outside)(struct seen *);
            };
            """,
            "x86_64");

        VerifyReport report = await VerifyAsync(model, family);

        Assert.Empty(report.Disagreements);
        Assert.Equal(["user"], model.Records.Select(record => record.Name));
        Assert.Equal(
            ["struct user.by_pointer: type", "struct user.by_value: type"],
            report.NotAsked.Select(fact => fact.Fact).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("gcc")]
    [InlineData("clang")]
    public async Task It_sees_another_calling_convention_parameter_or_qualifier(string family)
    {
        AbiModel model = Parse(
            "struct calls {\n int (__attribute__((ms_abi)) *firmware)(void *);\n int (*plain)(const char *, long);\n int (*old)();\n};\n",
            "x86_64");
        AbiRecord record = Assert.Single((IEnumerable<AbiRecord>)model.Records);
        Assert.Empty((await VerifyAsync(model, family)).Disagreements);

        AbiModel With(int field, Func<AbiFunction, AbiFunction> change) => model with
        {
            Records =
            [
                record with
                {
                    Fields = EquatableArray.From(((IEnumerable<AbiField>)record.Fields).Select((each, index) => index == field
                        ? each with { Type = new AbiPointer(change((AbiFunction)((AbiPointer)each.Type).Target)) }
                        : each)),
                },
            ],
        };

        AbiType Int = new AbiPrimitive(PrimitiveKind.Int);
        foreach ((AbiModel wrong, string fact) in ((AbiModel, string)[])
        [
            (With(0, function => function with { Convention = "" }), "struct calls.firmware: type"),
            (With(1, function => function with { Convention = "ms_abi" }), "struct calls.plain: type"),
            (With(1, function => function with { Parameters = [function.Parameters[0], Int] }), "struct calls.plain: type"),
            (With(1, function => function with { Parameters = [function.Parameters[1], function.Parameters[1]] }),
                "struct calls.plain: type"),
            (With(1, function => function with { IsVariadic = true }), "struct calls.plain: type"),
            (With(2, function => function with { Result = new AbiPrimitive(PrimitiveKind.Long) }), "struct calls.old: type"),
        ])
        {
            Assert.Equal(fact, Assert.Single((await VerifyAsync(wrong, family)).Disagreements).Fact);
        }
    }

    [Theory]
    [InlineData("gcc")]
    [InlineData("clang")]
    public async Task It_sees_the_upper_half_of_a_constant(string family)
    {
        AbiModel model = Parse("#define BIT ((unsigned __int128)1 << 100 | 5)\n", "x86_64");
        AbiConstant constant = Assert.Single((IEnumerable<AbiConstant>)model.Constants);

        VerifyReport report = await VerifyAsync(model with { Constants = [constant with { Value = new IntegerValue(5) }] }, family);

        Assert.Equal("BIT: value", Assert.Single(report.Disagreements).Fact);
    }

    [Theory]
    [InlineData("x86_64", "gcc")]
    [InlineData("s390x", "clang")]
    public async Task It_notices_a_bit_field_one_bit_aside(string target, string family)
    {
        AbiModel wrong = WithField(Parse(Header, target), "second", field => field with { OffsetBits = field.OffsetBits + 1 });

        VerifyReport report = await VerifyAsync(wrong, family);

        Assert.Equal(
            "struct sample.second: place: the model says bits 4 to 20, the compiler bits 3 to 19",
            Assert.Single(report.Disagreements).ToString());
    }

    [Fact]
    public async Task It_notices_a_bit_field_of_the_other_sign()
    {
        AbiModel wrong = WithField(Parse(Header, "x86_64"), "third", field => field with { Type = new AbiPrimitive(PrimitiveKind.UInt) });

        Assert.Equal(["struct sample.third: sign"], await FactsAgainstAsync(wrong));
    }

    [Fact]
    public async Task It_notices_a_member_that_does_not_exist_and_still_asks_the_rest()
    {
        AbiModel right = Parse(Header, "x86_64");
        AbiModel wrong = WithField(right, "call", field => field with { Name = "cull" });

        VerifyReport report = await VerifyAsync(wrong, "gcc");

        Assert.All(report.Disagreements, fact => Assert.Contains("has no member named", fact.Actual, StringComparison.Ordinal));
        Assert.Equal((await VerifyAsync(right, "gcc")).Agreed, report.Agreed + report.Disagreements.Count);
    }

    [Fact]
    public async Task It_notices_wrong_sizes_types_values_and_texts()
    {
        SourceLocation header = new("sample.h");
        AbiModel right = Parse(Header, "x86_64");
        AbiModel wrong = right with
        {
            Records = EquatableArray.From(
                right.Records.Select(record => record.Name == "choice" ? record with { SizeBytes = 8, AlignBytes = 8 } : record)),
            Enums = EquatableArray.From(
                right.Enums.Select(
                    @enum => @enum with { Underlying = PrimitiveKind.UInt, Enumerators = [@enum.Enumerators[0], new("BLUE", 5)] })),
            Typedefs = [right.Typedefs[0] with { Type = new AbiPrimitive(PrimitiveKind.UShort) }],
            Constants =
            [
                new("GREETING", new AbiArray(new AbiPrimitive(PrimitiveKind.Char), 5), new TextValue("hallo"), header),
                new("LIMIT", new AbiPrimitive(PrimitiveKind.ULong), new IntegerValue((Int128)1 << 41), header),
                new("NEGATIVE", new AbiPrimitive(PrimitiveKind.UInt), new IntegerValue(uint.MaxValue - 2), header),
                new("RATIO", new AbiPrimitive(PrimitiveKind.Float), new FloatingValue(0.25), header),
            ],
        };

        Assert.Equal(
            [
                "BLUE: value", "GREETING: text", "GREETING: type", "LIMIT: type", "LIMIT: value", "NEGATIVE: type", "NEGATIVE: value",
                "RATIO: type", "RATIO: value",
                "enum colour: underlying type", "union choice: alignment in bytes", "union choice: size in bytes",
                "word: size in bytes", "word: type",
            ],
            (await FactsAgainstAsync(wrong)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("gcc")]
    [InlineData("clang")]
    public async Task A_macro_that_has_a_value_and_was_dropped_is_found(string family)
    {
        AbiModel model = Parse(
            """
            enum level { LOW, HIGH };
            struct pair { int a; int b; };
            extern int counter;
            #define COUNT 7
            #define RATIO 0.5f
            #define NAME ("a" "b")
            #define LEVEL HIGH
            #define SIZE sizeof(struct pair)
            #define NOWHERE
            #define ADDRESS ((void *)8)
            #define VARIABLE counter
            #define TYPE struct pair
            #define LIST { 1, 2 }
            #define OPEN {
            #define CALL(x) (x)
            """,
            "x86_64");
        AbiModel dropped = model with
        {
            Constants = [],
            Macros = EquatableArray.From(
                model.Macros.Concat(model.Constants.Select(constant => new AbiMacro(constant.Name, "", "", constant.Location)))),
        };

        VerifyReport right = await VerifyAsync(model, family);
        VerifyReport wrong = await VerifyAsync(dropped, family);

        Assert.Equal(
            ["COUNT", "LEVEL", "NAME", "RATIO", "SIZE"], ((IEnumerable<AbiConstant>)model.Constants).Select(constant => constant.Name));
        Assert.Empty(right.Disagreements);
        Assert.Equal(
            ["COUNT: no number", "LEVEL: no number", "NAME: no text", "RATIO: no number", "SIZE: no number"],
            wrong.Disagreements.Select(fact => fact.Fact).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_header_that_the_compiler_refuses_is_reported_in_its_words()
    {
        AbiModel model = Parse(Header, "x86_64");
        await File.WriteAllTextAsync(folder["sample.h"], "struct broken {\n  nonsense x;\n};\n", TestContext.Current.CancellationToken);

        VerificationException fault = await Assert.ThrowsAsync<VerificationException>(() => VerifyAsync(model, "gcc"));

        Assert.Contains("sample.h:2:3: error: unknown type name 'nonsense'", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x86_64")]
    [InlineData("arm64")]
    public void Every_compiler_that_is_found_says_what_it_is(string targetName)
    {
        IReadOnlyList<Compiler> compilers = CompilerFinder.Find(HeaderSets.Target(targetName));

        Assert.All(compilers, compiler => Assert.NotEmpty(compiler.VersionText));
        Assert.Equal(
            compilers.Count, compilers.Select(compiler => (compiler.Path, string.Join(' ', compiler.BaseArguments))).Distinct().Count());
    }

    [Fact]
    public void No_compiler_is_found_where_there_is_none() =>
        Assert.Empty(CompilerFinder.Find(HeaderSets.Target("x86_64"), [folder.Root, "/nowhere"]));

    private AbiModel Parse(string header, string target)
    {
        File.WriteAllText(folder["sample.h"], header + "\n");
        return HeaderParser.Parse(new ParseRequest("sample", HeaderSets.Target(target), ["sample.h"], [folder.Root])).Model;
    }

    private Task<VerifyReport> VerifyAsync(AbiModel model, string family) => CompilerOracle.VerifyAsync(
        model, new VerifyRequest(Compilers.For(model.Target, family), ["sample.h"], [folder.Root]), TestContext.Current.CancellationToken);

    private async Task<IEnumerable<string>> FactsAgainstAsync(AbiModel model) =>
        (await VerifyAsync(model, "gcc")).Disagreements.Select(fact => fact.Fact);

    private static AbiModel WithField(AbiModel model, string name, Func<AbiField, AbiField> change) => model with
    {
        Records = EquatableArray.From(model.Records.Select(record => record with
        {
            Fields = EquatableArray.From(record.Fields.Select(field => field.Name == name ? change(field) : field)),
        })),
    };
}
