using System.Globalization;
using System.Text;
using DiffPlex;
using DiffPlex.Model;

namespace HvBindgen.Generator.Output;

/// <summary>Compares two texts line by line and prints what differs as <c>diff -u</c> does.</summary>
internal static class LineDiff
{
    private const int Context = 3;

    // Beyond that an exact match takes long and nobody reads it: all that is neither at the start nor at the end counts as replaced.
    private const long MaxComparisons = 16_000_000;

    /// <summary>The difference; empty when there is none.</summary>
    internal static string Between(string name, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, int maxLines)
    {
        if (before.SequenceEqual(after))
        {
            return "";
        }

        // A line feed in it would begin a line of which a runner takes commands.
        name = VisibleText.Of(name);
        string[] old = Lines(before);
        string[] now = Lines(after);
        List<(char Mark, string Line)> script = Script(old, now);
        StringBuilder text = new();
        text.Append("--- ").Append(before.IsEmpty ? "/dev/null" : name).Append('\n');
        text.Append("+++ ").Append(after.IsEmpty ? "/dev/null" : name).Append('\n');
        AppendHunks(text, script, maxLines);
        return text.ToString();
    }

    private static string[] Lines(ReadOnlySpan<byte> content)
    {
        string[] lines = Encoding.UTF8.GetString(content).Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    private static void AppendHunks(StringBuilder text, List<(char Mark, string Line)> script, int maxLines)
    {
        int shown = 0;
        int oldLine = 1;
        int newLine = 1;
        for (int at = 0; at < script.Count;)
        {
            int change = script.FindIndex(at, line => line.Mark != ' ');
            if (change < 0)
            {
                break;
            }

            int start = Math.Max(at, change - Context);
            oldLine += start - at;
            newLine += start - at;
            int end = HunkEnd(script, change);
            int oldCount = 0;
            int newCount = 0;
            for (int line = start; line < end; line++)
            {
                oldCount += script[line].Mark == '+' ? 0 : 1;
                newCount += script[line].Mark == '-' ? 0 : 1;
            }

            if (shown >= maxLines)
            {
                int rest = script.Skip(start).Count(line => line.Mark != ' ');
                text.Append(CultureInfo.InvariantCulture, $"... {rest} more changed lines\n");
                return;
            }

            text.Append(
                CultureInfo.InvariantCulture,
                $"@@ -{(oldCount == 0 ? 0 : oldLine)},{oldCount} +{(newCount == 0 ? 0 : newLine)},{newCount} @@\n");
            for (int line = start; line < end; line++)
            {
                if (shown++ >= maxLines)
                {
                    int rest = script.Skip(line).Count(item => item.Mark != ' ');
                    text.Append(CultureInfo.InvariantCulture, $"... {rest} more changed lines\n");
                    return;
                }

                text.Append(script[line].Mark).Append(script[line].Line).Append('\n');
            }

            oldLine += oldCount;
            newLine += newCount;
            at = end;
        }
    }

    // Changes with at most twice the context between them are one hunk.
    private static int HunkEnd(List<(char Mark, string Line)> script, int change)
    {
        int last = change;
        for (int line = change; line < script.Count && line - last <= 2 * Context; line++)
        {
            last = script[line].Mark != ' ' ? line : last;
        }

        return Math.Min(script.Count, last + Context + 1);
    }

    private static List<(char Mark, string Line)> Script(string[] old, string[] now)
    {
        int head = old.AsSpan().CommonPrefixLength(now);
        int tail = 0;
        while (tail < Math.Min(old.Length, now.Length) - head && old[^(tail + 1)] == now[^(tail + 1)])
        {
            tail++;
        }

        List<(char, string)> script = [.. old[..head].Select(line => (' ', line))];
        AddMiddle(script, old[head..^tail], now[head..^tail]);
        script.AddRange(old[^tail..].Select(line => (' ', line)));
        return script;
    }

    private static void AddMiddle(List<(char Mark, string Line)> script, string[] old, string[] now)
    {
        int at = 0;
        foreach (DiffBlock block in BlocksOf(old, now))
        {
            script.AddRange(old[at..block.DeleteStartA].Select(line => (' ', line)));
            at = block.DeleteStartA + block.DeleteCountA;
            script.AddRange(old[block.DeleteStartA..at].Select(line => ('-', line)));
            script.AddRange(now.Skip(block.InsertStartB).Take(block.InsertCountB).Select(line => ('+', line)));
        }

        script.AddRange(old[at..].Select(line => (' ', line)));
    }

    private static IList<DiffBlock> BlocksOf(string[] old, string[] now) =>
        (long)old.Length * now.Length > MaxComparisons
            ? [new DiffBlock(0, old.Length, 0, now.Length)]
            : Differ.Instance.CreateDiffs(TextOf(old), TextOf(now), ignoreWhiteSpace: false, ignoreCase: false, new Chunker()).DiffBlocks;

    private static string TextOf(string[] lines) => string.Concat(lines.Select(line => line + '\n'));

    // The library's own also ends lines where other systems do.
    private sealed class Chunker : IChunker
    {
        public IReadOnlyList<string> Chunk(string text) => text.Split('\n')[..^1];
    }
}
