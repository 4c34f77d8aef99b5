using System.Buffers.Binary;
using CsCheck;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Inspect;
using HvBindgen.Generator.Model;
using Xunit;

namespace HvBindgen.Generator.Tests.Inspect;

public sealed class MessageTests
{
    // Type 7 is a part_message: part {1, 0x302}, change -1, colour -2, ready, scale 0.5.
    private static readonly byte[] Part =
        [7, 0, 0, 0, 24, 1, 0, 0, 1, 0, 2, 3, 0xff, 0, 0x1e, 0, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0];

    [Fact]
    public void A_payload_is_read_as_the_record_of_its_type() => Verifier.Verify(Read("x86_64", Part));

    [Fact]
    public void A_message_of_the_other_byte_order_is_read_too()
    {
        byte[] message = [0, 0, 0, 7, 24, 1, 0, 0, 1, 0, 3, 2, 0xff, 0, 0xe8, 0, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0];

        Verifier.Verify(Read("s390x", message));
    }

    [Fact]
    public void An_unknown_type_is_said_and_its_bytes_are_shown() => Verifier.Verify(Read("x86_64", [0xff, 0, 0, 0x80, 5, .. Part[5..]]));

    [Fact]
    public void A_message_that_ends_early_shows_what_is_there() => Verifier.Verify(Read("x86_64", Part[..13]));

    [Fact]
    public void A_size_that_cannot_be_is_said_and_not_believed() =>
        Verifier.Verify(Read("x86_64", [7, 0, 0, 0, 255, .. Part[5..], 1, 2, 3]));

    [Fact]
    public void Less_than_a_header_is_no_message()
    {
        InspectedSet set = Sets.Shapes("x86_64");

        InspectException fault = Assert.Throws<InspectException>(() => MessagePage.OfMessage(Part[..7], set, set.Models[0]));
        Assert.True(fault.IsInput);
        Assert.Contains("header of a struct shape_message alone has 8", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_names_a_record_that_is_gone_is_at_fault()
    {
        InspectedSet set = Sets.Shapes("x86_64");

        InspectException fault = Assert.Throws<InspectException>(() => MessagePage.OfMessage([9, .. Part[1..]], set, set.Models[0]));
        Assert.False(fault.IsInput);
        Assert.Contains("struct gone", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_memory_intercept_of_x86_64_is_explained() => Verifier.Verify(ReadCommitted("x86_64", Messages.MemoryX64()));

    [Fact]
    public void A_memory_intercept_of_arm64_is_explained() => Verifier.Verify(ReadCommitted("arm64", Messages.MemoryArm64()));

    [Fact]
    public void Every_payload_of_the_committed_configuration_is_a_record_that_fits()
    {
        int count = 0;
        foreach (InspectedSet set in Sets.Committed.Where(set => set.Options.Messages is not null))
        {
            MessageOptions options = set.Options.Messages!;
            foreach (AbiModel model in set.Models)
            {
                AbiEnum types = model.Index.FindEnum(options.Types)!;
                foreach ((string type, string record) in options.Payloads[model.Target.Name])
                {
                    uint value = (uint)((IEnumerable<AbiEnumerator>)types.Enumerators).Single(one => one.Name == type).Value;
                    byte[] message = new byte[256];
                    BinaryPrimitives.WriteUInt32LittleEndian(message, value);
                    message[4] = 240;
                    MessagePage page = MessagePage.OfMessage(message, set, model);

                    Assert.True(page.IsKnown, type);
                    Assert.InRange(model.Index.FindRecord(record)!.SizeBytes, 1, 240);
                    Assert.DoesNotContain("not in enum hv_message_type", page.Draw(Page.Unlimited).ToString(), StringComparison.Ordinal);
                    count++;
                }
            }
        }

        Assert.True(count > 20);
    }

    [Fact]
    public void Every_meaning_of_the_committed_configuration_belongs_to_a_member_and_is_there()
    {
        foreach (InspectedSet set in Sets.Committed)
        {
            foreach ((string key, string meaning) in set.Options.Values)
            {
                string[] names = key.Split('.');
                AbiModel[] having =
                    [.. set.Models.Where(
                        model => model.Index.FindRecord(names[0])?.HoistedFields().Any(field => field.Name == names[1]) == true)];
                Assert.True(having.Length > 0, key);
                Assert.All(having, model => Assert.True(
                    meaning.EndsWith('*')
                        ? model.Constants.Any(constant => constant.Name.StartsWith(meaning[..^1], StringComparison.Ordinal))
                        : model.Index.FindEnum(meaning) is not null,
                    $"{key}: {meaning}"));
            }
        }
    }

    [Fact]
    public void Any_bytes_end_in_a_page_or_in_a_message_that_says_what_is_wrong()
    {
        InspectedSet set = Sets.Committed[0];
        AbiEnumerator[] types = [.. (IEnumerable<AbiEnumerator>)set.Models[0].Index.FindEnum("enum hv_message_type")!.Enumerators];
        Gen.Select(Gen.Byte.Array[0, 600], Gen.Int[-1, types.Length - 1], Gen.Int[0, set.Models.Count - 1]).Sample((bytes, type, side) =>
        {
            if (type >= 0 && bytes.Length >= 4)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)types[type].Value);
            }

            try
            {
                MessagePage page = MessagePage.OfMessage(bytes, set, set.Models[side]);
                return page.Draw(80).ToString().Contains("message_type", StringComparison.Ordinal);
            }
            catch (InspectException fault)
            {
                return fault.IsInput && bytes.Length < 16;
            }
        });
    }

    private static string Read(string target, byte[] bytes)
    {
        InspectedSet set = Sets.Shapes(target);
        return MessagePage.OfMessage(bytes, set, set.Models[0]).Draw(Page.Unlimited).ToString();
    }

    private static string ReadCommitted(string target, byte[] bytes)
    {
        InspectedSet set = Sets.Committed[0];
        return MessagePage.OfMessage(bytes, set, set.Models.Single(model => model.Target.Name == target)).Draw(Page.Unlimited).ToString();
    }
}
