using System.Text.Encodings.Web;

namespace HvBindgen.Generator;

/// <summary>Writes JSON strings legibly, C types with their signs, but nothing that <see cref="VisibleText"/> calls hidden.</summary>
public sealed class VisibleJsonEncoder : JavaScriptEncoder
{
    private static readonly JavaScriptEncoder Relaxed = UnsafeRelaxedJsonEscaping;

    private VisibleJsonEncoder()
    {
    }

    /// <summary>The encoder.</summary>
    public static VisibleJsonEncoder Instance { get; } = new();

    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => Relaxed.MaxOutputCharactersPerInputCharacter;

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar) =>
        Relaxed.WillEncode(unicodeScalar) || (unicodeScalar is > 0x7f and <= char.MaxValue && VisibleText.IsHidden((char)unicodeScalar));

    /// <inheritdoc/>
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        // The caller's text, valid for the length that it gives, for this call.
        ReadOnlySpan<char> characters = new(text, textLength);
        int first = Relaxed.FindFirstCharacterToEncode(text, textLength);
        ReadOnlySpan<char> clean = first < 0 ? characters : characters[..first];
        int start = clean.IndexOfAnyExceptInRange('\0', '\x7f');
        for (int index = start; index >= 0 && index < clean.Length; index++)
        {
            if (VisibleText.IsHidden(clean[index]))
            {
                return index;
            }
        }

        return first;
    }

    /// <inheritdoc/>
    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) =>
        utf8Text.IndexOfAnyExceptInRange((byte)0, (byte)0x7f) < 0
            ? Relaxed.FindFirstCharacterToEncodeUtf8(utf8Text)
            : base.FindFirstCharacterToEncodeUtf8(utf8Text);

    /// <inheritdoc/>
    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        if (Relaxed.WillEncode(unicodeScalar) || !WillEncode(unicodeScalar))
        {
            return Relaxed.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
        }

        // The caller's buffer, valid for the length that it gives.
        return new Span<char>(buffer, bufferLength).TryWrite($"\\u{unicodeScalar:X4}", out numberOfCharactersWritten);
    }
}
