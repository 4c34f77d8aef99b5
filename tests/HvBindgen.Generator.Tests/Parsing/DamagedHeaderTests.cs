using System.Diagnostics;
using System.Text;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Parsing;

/// <summary>Damaged headers either give a model or a list of faults: no other exception, no crash, no endless parse.</summary>
public sealed class DamagedHeaderTests(ITestOutputHelper output)
{
    private const int Seed = 20_261;
    private const int Attempts = 1_500;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    [Fact]
    public void Flipped_bytes_give_a_model_or_faults() => Damage((random, text) =>
    {
        for (int count = random.Next(1, 6); count > 0; count--)
        {
            text[random.Next(text.Count)] = (byte)random.Next(256);
        }
    });

    [Fact]
    public void Cut_off_and_repeated_lines_give_a_model_or_faults() => Damage((random, text) =>
    {
        switch (random.Next(3))
        {
            case 0:
                int length = random.Next(text.Count);
                text.RemoveRange(length, text.Count - length);
                break;
            case 1:
                (int start, int end) = LineAt(text, random.Next(text.Count));
                text.InsertRange(
                    random.Next(2) == 0 ? end : LineAt(text, random.Next(text.Count)).Start, text.GetRange(start, end - start));
                break;
            default:
                (int first, int last) = LineAt(text, random.Next(text.Count));
                text.RemoveRange(first, last - first);
                break;
        }
    });

    private static (int Start, int End) LineAt(List<byte> text, int position)
    {
        int start = position == 0 ? 0 : text.LastIndexOf((byte)'\n', position - 1) + 1;
        int end = text.IndexOf((byte)'\n', position);
        return (start, end < 0 ? text.Count : end + 1);
    }

    private void Damage(Action<Random, List<byte>> damage)
    {
        LibClangLocator.Load();
        Random random = new(Seed);
        string[] fixtures = [.. Directory.GetFiles(FixtureFolders.Headers, "*.h").Order(StringComparer.Ordinal)];
        using TemporaryFolder folder = new();
        string file = folder["test.h"];
        ParseRequest request = FixtureHeaders.Request("test.h") with { IncludePaths = [folder.Root, FixtureFolders.Includes] };
        int models = 0;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            List<byte> text = [.. File.ReadAllBytes(fixtures[random.Next(fixtures.Length)])];
            damage(random, text);
            byte[] damaged = [.. text];
            File.WriteAllBytes(file, damaged);
            models += Parse(request, attempt, damaged) ? 1 : 0;
        }

        output.WriteLine($"seed {Seed}: {Attempts} damaged headers, {models} still give a model");
    }

    private static bool Parse(ParseRequest request, int attempt, byte[] damaged)
    {
        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            FixtureHeaders.Parse(request);
            return true;
        }
        catch (HeaderParseException fault)
        {
            Assert.NotEmpty(fault.Faults);
            return false;
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException(
                $"seed {Seed}, attempt {attempt}: {fault.Message}\n{Encoding.Latin1.GetString(damaged)}", fault);
        }
        finally
        {
            Assert.True(watch.Elapsed < Longest, $"seed {Seed}, attempt {attempt}: took {watch.Elapsed}");
        }
    }
}
