using System.Globalization;
using System.Text;

namespace HvBindgen.Generator.Output;

/// <summary>Compares two texts line by line and prints what differs as <c>diff -u</c> does.</summary>
internal static class LineDiff
{
    private const int Context = 3;

    // Beyond so many differing lines an exact match takes long and nobody reads it: the rest counts as replaced.
    private const int MaxEdits = 1000;

    /// <summary>The difference; empty when there is none.</summary>
    public static string Between(string name, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, int maxLines)
    {
        if (before.SequenceEqual(after))
        {
            return "";
        }

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

            text.Append(CultureInfo.InvariantCulture, $"@@ -{(oldCount == 0 ? 0 : oldLine)},{oldCount} +{(newCount == 0 ? 0 : newLine)},{newCount} @@\n");
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
        int head = 0;
        while (head < old.Length && head < now.Length && old[head] == now[head])
        {
            head++;
        }

        int tail = 0;
        while (tail < old.Length - head && tail < now.Length - head && old[^(tail + 1)] == now[^(tail + 1)])
        {
            tail++;
        }

        List<(char, string)> script = [.. old[..head].Select(line => (' ', line))];
        script.AddRange(Middle(old[head..^tail], now[head..^tail]));
        script.AddRange(old[^tail..].Select(line => (' ', line)));
        return script;
    }

    // Myers' greedy search for the shortest script: reach[k] is the farthest old line on diagonal k with so many edits.
    private static List<(char Mark, string Line)> Middle(string[] old, string[] now)
    {
        int max = Math.Min(old.Length + now.Length, MaxEdits);
        int[] reach = new int[(2 * max) + 3];
        List<int[]> history = [];
        for (int edits = 0; edits <= max; edits++)
        {
            history.Add((int[])reach.Clone());
            for (int diagonal = -edits; diagonal <= edits; diagonal += 2)
            {
                bool isDown = diagonal == -edits || (diagonal != edits && reach[max + diagonal] < reach[max + diagonal + 2]);
                int x = isDown ? reach[max + diagonal + 2] : reach[max + diagonal] + 1;
                while (x < old.Length && x - diagonal < now.Length && old[x] == now[x - diagonal])
                {
                    x++;
                }

                reach[max + diagonal + 1] = x;
                if (x >= old.Length && x - diagonal >= now.Length)
                {
                    return Backtrack(old, now, history, max);
                }
            }
        }

        return [.. old.Select(line => ('-', line)), .. now.Select(line => ('+', line))];
    }

    private static List<(char Mark, string Line)> Backtrack(string[] old, string[] now, List<int[]> history, int max)
    {
        List<(char, string)> script = [];
        int x = old.Length;
        int y = now.Length;
        for (int edits = history.Count - 1; edits >= 0; edits--)
        {
            int[] reach = history[edits];
            int diagonal = x - y;
            bool isDown = diagonal == -edits || (diagonal != edits && reach[max + diagonal] < reach[max + diagonal + 2]);
            int previous = isDown ? diagonal + 1 : diagonal - 1;
            int fromX = edits == 0 ? 0 : reach[max + previous + 1];
            int fromY = edits == 0 ? 0 : fromX - previous;
            while (x > fromX && y > fromY)
            {
                script.Add((' ', old[x - 1]));
                (x, y) = (x - 1, y - 1);
            }

            if (edits > 0)
            {
                script.Add(isDown ? ('+', now[y - 1]) : ('-', old[x - 1]));
                (x, y) = isDown ? (x, y - 1) : (x - 1, y);
            }
        }

        script.Reverse();
        return script;
    }
}
