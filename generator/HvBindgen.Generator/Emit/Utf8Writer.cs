using System.Text;

namespace HvBindgen.Generator.Emit;

/// <summary>Receives a syntax tree's text as UTF-8, without a string in between.</summary>
/// <param name="expectedBytes">How much will be written; more is possible.</param>
internal class Utf8Writer(int expectedBytes) : TextWriter
{
    private const int ShortToken = 24;

    private byte[] bytes = GC.AllocateUninitializedArray<byte>(expectedBytes);
    private int count;

    public sealed override Encoding Encoding => Encoding.UTF8;

    /// <summary>What was written so far.</summary>
    internal ReadOnlyMemory<byte> Written => bytes.AsMemory(0, count);

    public sealed override void Write(char value) => Append([value]);

    public sealed override void Write(string? value) => Append(value.AsSpan());

    public sealed override void Write(char[] buffer, int index, int count) => Append(buffer.AsSpan(index, count));

    /// <summary>Receives a token, or a piece of trivia.</summary>
    internal virtual void Append(ReadOnlySpan<char> text)
    {
        // Nearly all tokens are short, of ASCII, and fit; only what is not is measured.
        if (text.Length <= ShortToken && text.Length <= bytes.Length - count && TryAppendAscii(text))
        {
            return;
        }

        int written;
        while (!Encoding.UTF8.TryGetBytes(text, bytes.AsSpan(count), out written))
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, count + Encoding.UTF8.GetMaxByteCount(text.Length)));
        }

        count += written;
    }

    private bool TryAppendAscii(ReadOnlySpan<char> text)
    {
        Span<byte> place = bytes.AsSpan(count, text.Length);
        int all = 0;
        for (int index = 0; index < text.Length; index++)
        {
            all |= text[index];
            place[index] = (byte)text[index];
        }

        if (all > sbyte.MaxValue)
        {
            return false;
        }

        count += text.Length;
        return true;
    }
}
