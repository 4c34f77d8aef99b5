using System.Diagnostics;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Parsing;

/// <summary>What argument a macro names is asked of those alone that can come to a request, and of each of them.</summary>
public sealed class RequestMacrosTests : IDisposable
{
    private const string Own =
        "#include <linux/ioctl.h>\n#include <library.h>\nstruct arg { int a; };\n#define FLAG BIT(3)\n#define REQUEST MAKE(1)\n";

    private readonly TemporaryFolder folder = new();

    public RequestMacrosTests() => LibClangLocator.Load();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("#define MAKE(n) _IOW('x', n, struct arg)\n")]
    [InlineData("#define MAKE(n) _IOC(_IOC_WRITE, 'x', n, sizeof(struct arg))\n", false)]
    [InlineData("#define WRITES _IOW\n#define TAKES(m, n) m('x', n, struct arg)\n#define MAKE(n) TAKES(WRITES, n)\n")]
    [InlineData("#ifdef OTHER\n#define MAKE(n) (n)\n#else\n#define MAKE(n) _IOW('x', n, struct arg)\n#endif\n")]
    [InlineData("#define JOIN(a, b) a##b\n#define MAKE(n) JOIN(_I, OW)('x', n, struct arg)\n")]
    [InlineData("#define JOIN(a, b) a%:%:b\n#define MAKE(n) JOIN(_I, OW)('x', n, struct arg)\n")]
    [InlineData("%:define MAKE(n) _IOW('x', n, struct arg)\n")]
    [InlineData("??=define MAKE(n) _IOW('x', n, struct arg)\n")]
    [InlineData("#define \u00fc(n) _IOW('x', n, struct arg)\n#define MAKE(n) \u00fc(n)\n")]
    [InlineData("#define MAKE(n) \\ \n _IOW('x', n, struct arg)\n")]
    [InlineData("#define \\\nMAKE(n) _IOW('x', n, struct arg)\n")]
    [InlineData("#define $(n) _IOW('x', n, struct arg)\n#define MAKE(n) $(n)\n")]
    public void A_request_that_another_s_header_makes_is_one(string library, bool namesArgument = true)
    {
        AbiIoctl request = Assert.Single((IEnumerable<AbiIoctl>)HeaderParser.Parse(With(library)).Model.Ioctls);

        Assert.Equal(("REQUEST", 0x4004_7801u), (request.Name, request.Request));
        Assert.Equal(namesArgument ? new AbiRecordRef(RecordKind.Struct, "arg") : null, request.Argument);
    }

    [Fact]
    public void A_request_that_the_command_line_makes_is_one()
    {
        ParseRequest request = With("") with { Defines = ["MAKE(n)=_IOW('x',n,struct arg)"] };

        Assert.Equal(["REQUEST"], ((IEnumerable<AbiIoctl>)HeaderParser.Parse(request).Model.Ioctls).Select(found => found.Name));
    }

    [Fact]
    public void Of_a_flag_no_argument_is_asked()
    {
        ParseRequest request = With("#define BIT(n) (1UL << (n))\n#define MAKE(n) _IOW('x', n, struct arg)\n");
        IncludeGuard guard = new(request);
        guard.RequireBefore();
        HeaderFiles files = new(request.SearchedFolders, request.OwnHeaders, request.OwnsQuotedIncludes);
        MacroCandidates candidates = MacroCandidates.From(files.ReadOwnSources(request.Headers, request.IncludePaths, guard));
        Assert.Equal(["FLAG", "REQUEST"], candidates.MaybeIoctls.Order());

        candidates.SetAside(() => HeaderMacros.Of(files, guard, request));

        Assert.Equal(["REQUEST"], candidates.MaybeIoctls);
        Assert.Equal(["FLAG"], candidates.NoIoctls);
    }

    [Theory]
    [InlineData("#include <stddef.h>\n#include <limits.h>\n#define BIT(n) (1UL << (n))\n#define MAKE(n) (n)\n", "0 parses, 0 lines")]
    [InlineData("#define BIT(n) (1UL << (n))\n%:define MAKE(n) (n)\n", "0 parses, 0 lines")]
    [InlineData("#define BIT(n) (1UL << (n))\n??=define MAKE(n) (n)\n", "2 parses,")]
    public void Clang_is_asked_again_where_it_alone_sees_a_definition(string library, string spent)
    {
        StageTimes times = new(Stopwatch.GetTimestamp());

        Assert.Empty((IEnumerable<AbiIoctl>)HeaderParser.Parse(With(library) with { Times = times }).Model.Ioctls);

        Assert.StartsWith(spent, times.Ended.Single(stage => stage.Name == "clang: asked again").Note, StringComparison.Ordinal);
    }

    private ParseRequest With(string library)
    {
        folder.With("own.h", Own).With("library.h", library);
        return new("own", TargetInfo.Find("x86_64")!, ["own.h"], [folder.Root, FixtureFolders.Includes])
        {
            OwnHeaders = ["own.h"],

            // With trigraphs, which the text scan does not know.
            Flags = library.Contains("??=", StringComparison.Ordinal) ? ["-std=c11"] : [],
        };
    }
}
