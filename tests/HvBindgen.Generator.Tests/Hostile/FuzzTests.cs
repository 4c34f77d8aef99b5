using System.Text;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Diff.Reports;
using HvBindgen.Generator.Headers;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Snapshots;
using Xunit;

namespace HvBindgen.Generator.Tests.Hostile;

/// <summary>
/// Inputs made wrong at random, from a seed that a failure names: each is read or refused in the reader's own words, in time and memory
/// that have a bound.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    private static readonly string[] Pieces =
    [
        "*", "[", "]", "(", ")", "{", "}", ";", ",", "struct", "union", "enum", "typedef", "int", "long", "char", "__u64",
        "x", ":", "3", "-1", "0",
        "0xffffffffffffffff", "#define A", "#define B(x)", "#undef A", "#include \"x.h\"", "#if", "#endif", "#else", "/*", "*/", "//",
        "\"", "'", "\\\n", "\n", "\\",
        "__attribute__((packed))", "__attribute__((aligned(4096)))", "A", "B(A)", "_IOW(1,2,struct x)", "sizeof(int)", "\0", "\u202e",
        "\x1b", "...", "##", "=",
    ];

    private readonly TemporaryFolder folder = new();

    public static TheoryData<int> Seeds => [.. FuzzRounds.Seeds];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Headers_are_read_or_refused(int seed)
    {
        LibClangLocator.Load();
        string[] fixtures =
            [.. Directory.GetFiles(Path.Combine(Repository.Root, "tests/HvBindgen.Generator.Tests/Fixtures/Headers"), "*.h")
                .Order(StringComparer.Ordinal).Select(File.ReadAllText)];
        FuzzRounds.Repeat(seed, 40, 1500, random =>
        {
            string text = fixtures[random.Next(fixtures.Length)];
            for (int edit = random.Next(1, 5); edit > 0; edit--)
            {
                text = EditTokens(random, text);
            }

            folder.With("fuzz.h", text);
            AbiModel? model = Try<HeaderParseException, AbiModel>(
                () => HeaderParser.Parse(new ParseRequest("fuzz", TargetInfo.Find("x86_64")!, ["fuzz.h"], [folder.Root])).Model);
            if (model is not null)
            {
                AbiModel back = SnapshotReader.Read(SnapshotWriter.Write(model), "fuzz");
                Assert.Equal(model.Records.Count, back.Records.Count);
            }
        }, TestContext.Current.TestOutputHelper!.WriteLine);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Configurations_are_read_or_refused(int seed)
    {
        string original = File.ReadAllText(Path.Combine(Repository.Root, "headers/hvbindgen.json"));
        string path = folder.With("headers/hvbindgen.json", "")["headers/hvbindgen.json"];
        FuzzRounds.Repeat(seed, 300, 20_000, random =>
        {
            BindingConfiguration? read = Try<ConfigurationException, BindingConfiguration>(
                () => BindingConfiguration.Read(path, Damage(random, original)));
            string root = folder.Root + "/";
            Assert.All(read?.Sets ?? [], set => Assert.True(
                (set.OutputPath + "/").StartsWith(root, StringComparison.Ordinal)
                    && (set.SnapshotPath + "/").StartsWith(root, StringComparison.Ordinal)));
        }, TestContext.Current.TestOutputHelper!.WriteLine);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Snapshots_are_read_or_refused_and_what_is_read_is_compared_and_shown(int seed)
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(Repository.Root, "headers/abi/kvm.x86_64.json"));
        AbiModel before = SnapshotReader.Read(whole, "kvm");
        string original = Encoding.UTF8.GetString(whole);
        FuzzRounds.Repeat(seed, 25, 600, random =>
        {
            if (Try<SnapshotException, AbiModel>(() => SnapshotReader.Read(Damage(random, original), "fuzz")) is { } after
                && Try<DiffException, AbiComparison>(() => AbiComparison.Of([before], [after])) is { } comparison)
            {
                string[] forms =
                    [TextReport.Write(comparison), MarkdownReport.Write(comparison), JsonReport.Write(comparison),
                        SarifReport.Write(comparison), HtmlReport.Write(comparison)];
                Assert.All(forms, form => Assert.DoesNotContain(form, letter => letter is not '\n' && VisibleText.IsHidden(letter)));
            }
        }, TestContext.Current.TestOutputHelper!.WriteLine);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Sources_locks_and_suppressions_are_read_or_refused(int seed)
    {
        string sources = File.ReadAllText(Path.Combine(Repository.Root, "headers/sources.json"));
        string locked = File.ReadAllText(Path.Combine(Repository.Root, "headers/headers.lock.json"));
        const string Accepted =
            """{"suppressions": [{"rule": "HV4004", "symbol": "a", "target": "arm64", "reason": "b", "expires": "2999-12-31"}]}""";
        FuzzRounds.Repeat(seed, 200, 10_000, random =>
        {
            File.WriteAllBytes(folder["sources.json"], Damage(random, sources));
            File.WriteAllBytes(folder["lock.json"], Damage(random, locked));
            Try<HeaderSyncException, HeaderSources>(() => HeaderSources.Read(folder["sources.json"]));
            Try<HeaderSyncException, HeaderLock>(() => HeaderLock.Read(folder["lock.json"]));
            Try<DiffException, Suppressions>(() => Suppressions.Read(Damage(random, Accepted), "fuzz"));
        }, TestContext.Current.TestOutputHelper!.WriteLine);
    }

    private static T? Try<TFault, T>(Func<T> read)
        where TFault : Exception
        where T : class
    {
        try
        {
            return read();
        }
        catch (TFault fault)
        {
            Assert.NotEmpty(fault.Message);
            return null;
        }
    }

    private static string EditTokens(Random random, string text)
    {
        List<string> tokens = [];
        int start = 0;
        for (int at = 1; at <= text.Length; at++)
        {
            if (at == text.Length || KindOf(text[at]) != KindOf(text[start]) || KindOf(text[at]) == 2)
            {
                tokens.Add(text[start..at]);
                start = at;
            }
        }

        if (tokens.Count == 0)
        {
            return Pieces[random.Next(Pieces.Length)];
        }

        int place = random.Next(tokens.Count);
        switch (random.Next(6))
        {
            case 0:
                tokens.RemoveAt(place);
                break;
            case 1:
                tokens.Insert(place, tokens[random.Next(tokens.Count)]);
                break;
            case 2:
                tokens[place] = Pieces[random.Next(Pieces.Length)];
                break;
            case 3:
                tokens.Insert(place, string.Concat(Enumerable.Repeat(Pieces[random.Next(Pieces.Length)], random.Next(1, 200))));
                break;
            case 4:
                (tokens[place], tokens[^1]) = (tokens[^1], tokens[place]);
                break;
            default:
                tokens.RemoveRange(place, tokens.Count - place);
                break;
        }

        return string.Concat(tokens);
    }

    private static int KindOf(char letter) => char.IsLetterOrDigit(letter) || letter == '_' ? 0 : char.IsWhiteSpace(letter) ? 1 : 2;

    private static byte[] Damage(Random random, string text)
    {
        string[] values =
            ["null", "[]", "{}", "1e999", "-1", "\"\"", "\"../../..\"", "\"/etc\"", "\"\\u0000\"", "\"\\u202e\"", "true",
                "99999999999999999999", new('[', 200), "\"a\\nb\""];
        for (int edit = random.Next(1, 4); edit > 0; edit--)
        {
            int place = random.Next(text.Length);
            text = random.Next(5) switch
            {
                0 => text.Remove(place, Math.Min(random.Next(1, 40), text.Length - place)),
                1 => text.Insert(place, values[random.Next(values.Length)]),
                2 => ReplaceString(text, place, values[random.Next(values.Length)]),
                3 => text[..place],
                _ => text.Insert(place, ((char)random.Next(1, 300)).ToString()),
            };
            text = text.Length == 0 ? "{" : text;
        }

        return Encoding.UTF8.GetBytes(text);
    }

    private static string ReplaceString(string text, int place, string value)
    {
        int start = text.IndexOf('"', place);
        int end = start < 0 ? -1 : text.IndexOf('"', start + 1);
        return end < 0 ? text : text[..start] + value + text[(end + 1)..];
    }
}
