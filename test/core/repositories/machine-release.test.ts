import { expect, test } from "vitest";
import { releasesOf } from "../../../src/core/repositories/machine-release.ts";

const fedora = 'NAME="Fedora Linux"\nVERSION="43 (Server Edition)"\nID=fedora\nVERSION_ID=43\n';
test.each([
  ["Fedora", fedora, ["fedora-43"]],
  ["Rawhide", 'ID=fedora\nVERSION_ID=44\nREDHAT_SUPPORT_PRODUCT_VERSION=rawhide\nVERSION="44 (Rawhide Prerelease)"\n', ["fedora-rawhide"]],
  ["Fedora ELN", 'ID="fedora"\nVERSION_ID=11\nVARIANT_ID=eln\nID_LIKE="rhel"\n', ["fedora-eln"]],
  ["CentOS Stream", 'ID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="9"\n', ["centos-9", "epel-9"]],
  ["RHEL", 'ID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.4"\n', ["rhel-9.4", "rhel-9", "epel-9"]],
  ["Rocky", "ID='rocky'\nID_LIKE='rhel centos fedora'\nVERSION_ID='10.0'\n", ["rocky-10.0", "rocky-10", "epel-10"]],
  ["Mageia", "ID=mageia\nVERSION_ID=9\nVERSION=9\n", ["mageia-9"]],
  ["Cauldron", 'ID=mageia\nVERSION_ID=10\nVERSION="10 (Cauldron)"\n', ["mageia-cauldron"]],
  ["Leap", 'ID="opensuse-leap"\nVERSION_ID="15.6"\nID_LIKE="suse opensuse"\n', ["opensuse-leap-15.6"]],
  ["Tumbleweed", 'ID="opensuse-tumbleweed"\nVERSION_ID="20260101"\n', ["opensuse-tumbleweed"]],
  ["Amazon Linux", 'ID="amzn"\nID_LIKE="fedora"\nVERSION_ID="2023"\n', ["amazonlinux-2023"]],
  ["a distribution without numbers", "ID=arch\n", []],
  ["no text", "", []],
])("%s", (_, text, releases) => {
  expect(releasesOf(text)).toEqual(releases);
});
