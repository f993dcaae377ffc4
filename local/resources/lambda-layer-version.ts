import { defineResource } from '../provisioning/resource-type.ts';
import { assetCode } from './functions/function-code.ts';

export default defineResource({
  type: 'AWS::Lambda::LayerVersion',
  properties: {
    LayerName: 'text',
    Description: 'text',
    Content: { S3Bucket: 'text', S3Key: 'text' },
    CompatibleRuntimes: ['text'],
    CompatibleArchitectures: ['text'],
    LicenseInfo: 'text',
  },
  async create(layer, context) {
    const LayerName = context.name(layer.LayerName, { maxLength: 140 });
    const Content = assetCode(layer.Content?.S3Bucket, layer.Content?.S3Key, context);
    const { LayerVersionArn } = await context.call('lambda', 'PublishLayerVersion', { ...layer, LayerName, Content });
    return { physicalId: LayerVersionArn, attributes: { LayerVersionArn } };
  },
  async delete(physicalId, context) {
    const [LayerName, version] = physicalId.split(':').slice(-2);
    // Cut short before a version was published, all there is to know is the layer's name.
    if (!physicalId.startsWith('arn:')) return;
    const input = { LayerName, VersionNumber: Number(version) };
    await context.attempt(['ResourceNotFoundException'], 'lambda', 'DeleteLayerVersion', input);
  },
});
