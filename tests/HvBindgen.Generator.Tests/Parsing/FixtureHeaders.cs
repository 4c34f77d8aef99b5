using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Verification;
using Xunit;

namespace HvBindgen.Generator.Tests.Parsing;

/// <summary>Parses the headers of <c>Fixtures/Headers</c>, and headers that tests write themselves.</summary>
internal static class FixtureHeaders
{
    /// <summary>A request for one fixture alone.</summary>
    internal static ParseRequest Request(string header, string target = "x86_64") =>
        new("fixture", TargetInfo.Find(target)!, [header], [FixtureFolders.Headers, FixtureFolders.Includes]);

    /// <summary>Parses one fixture.</summary>
    internal static ParsedHeaders Parse(string header, string target = "x86_64") => Parse(Request(header, target));

    /// <summary>Parses what a request says, with the machine's libclang.</summary>
    internal static ParsedHeaders Parse(ParseRequest request)
    {
        LibClangLocator.Load();
        return HeaderParser.Parse(request);
    }

    /// <summary>Parses a text as the header <c>test.h</c>, in a folder that is gone afterwards.</summary>
    internal static ParsedHeaders ParseText(string text, string target = "x86_64", Func<ParseRequest, ParseRequest>? change = null)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["test.h"], text);
        ParseRequest request = Request("test.h", target) with { IncludePaths = [folder.Root, FixtureFolders.Includes] };
        return Parse(change is null ? request : change(request));
    }

    /// <summary>Passes when every compiler of the machine agrees with what is known of one fixture.</summary>
    internal static async Task VerifyAsync(string header)
    {
        AbiModel model = Parse(header).Model;
        foreach (Compiler compiler in CompilerFinder.Find(model.Target))
        {
            VerifyReport report = await CompilerOracle.VerifyAsync(
                model,
                new VerifyRequest(compiler, [header], [FixtureFolders.Headers, FixtureFolders.Includes]),
                TestContext.Current.CancellationToken);

            Assert.Empty(report.Disagreements);
        }
    }
}
