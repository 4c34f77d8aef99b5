using System.Text;

namespace HvBindgen.Generator.Emit;

/// <summary>Receives a syntax tree's text as UTF-8, without a string in between.</summary>
/// <param name="expectedBytes">How much will be written; more is possible.</param>
internal class Utf8Writer(int expectedBytes) : TextWriter
{
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
        // Nearly all is ASCII and fits; only what does not is measured.
        int written;
        while (!Encoding.UTF8.TryGetBytes(text, bytes.AsSpan(count), out written))
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, count + Encoding.UTF8.GetMaxByteCount(text.Length)));
        }

        count += written;
    }
}
